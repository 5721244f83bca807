import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const acknowledgement = frame(4, 1, 0);

/** A frame of HTTP/2. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** The header block of a call, by hand, without Huffman codes. */
export function callHeaders(path: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x83, 0x86, 0x04]),
    text(path),
    Buffer.from([0x01]),
    text('localhost'),
    Buffer.from([0x0f, 0x10]),
    text('application/grpc'),
    Buffer.from([0x00]),
    text('te'),
    text('trailers'),
  ]);
}

/** A header that goes into the dynamic table, where `0xbe` refers to it as long as it is the last. */
export function indexedHeader(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x40]), text(name), text(value)]);
}

function text(value: string): Buffer {
  const { length } = value;
  const prefix = length < 127 ? [length] : [127, ((length - 127) & 127) | 128, (length - 127) >> 7];
  return Buffer.concat([Buffer.from(prefix), Buffer.from(value)]);
}

/** A connection that speaks HTTP/2 by hand. */
export class RawFrames {
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #news = Promise.withResolvers<void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#tell();
    });
    socket.on('close', () => this.#tell());
  }

  /** @param acknowledges whether it acknowledges what the server sets */
  static async connect(port: number, acknowledges = true): Promise<RawFrames> {
    const raw = new RawFrames(connect(port, '127.0.0.1'));
    await once(raw.socket, 'connect');
    raw.socket.write(
      Buffer.concat([preface, frame(4, 0, 0), acknowledges ? acknowledgement : Buffer.alloc(0)]),
    );
    return raw;
  }

  /** Resolves with the code of the server's GOAWAY when the connection is closed. */
  async goAway(): Promise<number | undefined> {
    if (!this.socket.closed) await once(this.socket, 'close');
    return this.#frames()
      .find(({ type }) => type === 7)
      ?.payload.readUInt32BE(4);
  }

  /** Resolves with the types of all frames on a stream, when the server has ended it or the connection. */
  async response(stream: number): Promise<number[]> {
    for (;;) {
      const frames = this.#frames().filter((one) => one.stream === stream);
      const ended = frames.some(({ type, flags }) => type === 3 || (flags & 1) === 1);
      if (ended || this.socket.closed) return frames.map(({ type }) => type);
      await this.#news.promise;
    }
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** Returns the frames that have come whole. */
  #frames(): { type: number; flags: number; stream: number; payload: Buffer }[] {
    const frames = [];
    for (let at = 0; at + 9 <= this.#received.length; ) {
      const end = at + 9 + this.#received.readUIntBE(at, 3);
      if (end > this.#received.length) break;
      frames.push({
        type: this.#received.readUInt8(at + 3),
        flags: this.#received.readUInt8(at + 4),
        stream: this.#received.readUInt32BE(at + 5),
        payload: this.#received.subarray(at + 9, end),
      });
      at = end;
    }
    return frames;
  }

  /** Says something again and again until the connection is closed. */
  async flood(bytes: Buffer): Promise<void> {
    while (!this.socket.destroyed) {
      if (!this.socket.write(bytes))
        await Promise.race([once(this.socket, 'drain'), once(this.socket, 'close')]).catch(
          () => {},
        );
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
