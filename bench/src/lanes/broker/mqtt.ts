import type { Target } from '../lane.ts';
import type { BrokerConnection } from './client.ts';
import { BrokerSocket } from './socket.ts';

// The first bytes of packets: their type, and the flags that each has. MQTT 3.1.1, section 2.2.
const packets = {
  connect: 0x10,
  connected: 0x20,
  publish: 0x32,
  published: 0x40,
  subscribe: 0x82,
  subscribed: 0x90,
} as const;
const typeMask = 0xf0;
const publishType = packets.publish & typeMask;

const protocolLevel = 4;
const keptSession = 0;
const noKeepalive = 0;
const accepted = 0;
const atLeastOnce = 1;
const packetIdMax = 0xffff;

/**
 * MQTT 3.1.1 with QoS 1: the broker acknowledges each message, and so does its recipient. The broker
 * keeps what comes to a user who is away.
 */
export class MqttConnection extends BrokerSocket<number> implements BrokerConnection {
  #lastPacketId = 0;
  #taken: (body: string) => void = () => {};

  static async open(target: Target, user: string): Promise<MqttConnection> {
    const connection = new MqttConnection(target);
    await connection.connected();
    const header = `${text('MQTT')}${u8(protocolLevel)}${u8(keptSession)}${u16(noKeepalive)}`;
    await connection.#ask(packets.connected, packet(packets.connect, header + text(user)));
    return connection;
  }

  publish(to: string, body: string): Promise<void> {
    const content = text(to) + u16(this.#nextPacketId()) + body;
    return this.#ask(packets.published, packet(packets.publish, content));
  }

  take(user: string, taken: (body: string) => void): Promise<void> {
    this.#taken = taken;
    const content = u16(this.#nextPacketId()) + text(user) + u8(atLeastOnce);
    return this.#ask(packets.subscribed, packet(packets.subscribe, content));
  }

  protected next(): boolean {
    const { buffer } = this;
    let at = 1;
    let bytes = 0;
    // Seven bits in each byte, the lowest first; only the last byte has no eighth bit. Section 2.2.3.
    for (let shift = 0, more = true; more; shift += 7) {
      if (at >= buffer.length) return false;
      const byte = buffer.byteAt(at++);
      bytes |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    if (buffer.length < at + bytes) return false;
    if ((buffer.byteAt(0) & typeMask) === publishType) this.#message(at, bytes);
    else this.#answer(buffer.byteAt(0), buffer.byteAt(at + bytes - 1));
    buffer.consume(at + bytes);
    return true;
  }

  #message(at: number, bytes: number): void {
    const { buffer } = this;
    const idAt = at + 2 + buffer.u16At(at);
    const bodyAt = idAt + 2;
    this.write(packet(packets.published, u16(buffer.u16At(idAt))));
    this.#taken(buffer.textAt(bodyAt, at + bytes - bodyAt));
  }

  /** @param code of a CONNACK and a SUBACK, which end in one */
  #answer(first: number, code: number): void {
    if (first !== this.pending.expected) {
      this.broken(`the broker sent a packet of type ${first >> 4}`);
      return;
    }
    const isRefused =
      (first === packets.connected && code !== accepted) ||
      (first === packets.subscribed && code !== atLeastOnce);
    this.pending.completed(isRefused ? `the broker refused with code ${code}` : undefined);
  }

  #ask(answer: number, bytes: Buffer): Promise<void> {
    return this.pending.start(answer, () => this.write(bytes));
  }

  #nextPacketId(): number {
    this.#lastPacketId = (this.#lastPacketId % packetIdMax) + 1;
    return this.#lastPacketId;
  }
}

// Packets are made as text of one character a byte, since a string costs less than a buffer for each part.

function packet(first: number, content: string): Buffer {
  let length = '';
  let rest = content.length;
  for (; rest >= 0x80; rest >>= 7) length += u8((rest & 0x7f) | 0x80);
  return Buffer.from(u8(first) + length + u8(rest) + content, 'latin1');
}

function text(content: string): string {
  return u16(content.length) + content;
}

function u8(number: number): string {
  return String.fromCharCode(number);
}

function u16(number: number): string {
  return String.fromCharCode(number >> 8, number & 0xff);
}
