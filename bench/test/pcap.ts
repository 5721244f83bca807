import type { Chunk } from './wire-chunks.ts';

/** The port at which the server of a capture listens. */
export const serverPort = 22_068;
const clientPort = 50_000;

/** A packet's headers in bytes: of IPv4 and of TCP, both without options. */
const [ipBytes, tcpBytes] = [20, 20];

/** No packet of IPv4 is longer than 64 KiB. */
const segmentBytesMax = 60_000;

const Flags = { syn: 0x02, ack: 0x10, push: 0x18 };

/**
 * The chunks of one connection as a capture in the format of libpcap, as if it had been recorded on a
 * network: each chunk in packets of its own, behind the handshake of TCP.
 */
export function pcapOf(chunks: readonly Chunk[]): Buffer {
  // Magic number, version 2.4, the longest packet, and that packets begin with IP (LINKTYPE_RAW).
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x40000, 16);
  header.writeUInt32LE(101, 20);
  const next = { sent: 0, received: 0 };
  const packets = [
    packet('sent', Flags.syn, next),
    packet('received', Flags.syn | Flags.ack, next),
    ...chunks.flatMap(({ way, bytes }) =>
      segments(bytes).map((data) => packet(way, Flags.push, next, data)),
    ),
  ];
  return Buffer.concat([header, ...packets.map(record)]);
}

function segments(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / segmentBytesMax);
  return Array.from({ length: count }, (_, at) =>
    bytes.subarray(at * segmentBytesMax, (at + 1) * segmentBytesMax),
  );
}

/** @param next the next sequence number of each side, which goes on */
function packet(
  way: Chunk['way'],
  flags: number,
  next: Record<Chunk['way'], number>,
  data: Buffer = Buffer.alloc(0),
): Buffer {
  const headers = Buffer.alloc(ipBytes + tcpBytes);
  const [from, to] = way === 'sent' ? [1, 2] : [2, 1];
  headers.writeUInt8(0x45, 0);
  headers.writeUInt16BE(headers.length + data.length, 2);
  headers.writeUInt8(64, 8);
  headers.writeUInt8(6, 9);
  headers.writeUInt32BE(0x0a00_0000 + from, 12);
  headers.writeUInt32BE(0x0a00_0000 + to, 16);
  headers.writeUInt16BE(way === 'sent' ? clientPort : serverPort, ipBytes);
  headers.writeUInt16BE(way === 'sent' ? serverPort : clientPort, ipBytes + 2);
  headers.writeUInt32BE(next[way], ipBytes + 4);
  headers.writeUInt32BE(next[way === 'sent' ? 'received' : 'sent'], ipBytes + 8);
  headers.writeUInt8((tcpBytes / 4) << 4, ipBytes + 12);
  headers.writeUInt8(flags, ipBytes + 13);
  headers.writeUInt16BE(0xffff, ipBytes + 14);
  next[way] += data.length + ((flags & Flags.syn) === 0 ? 0 : 1);
  return Buffer.concat([headers, data]);
}

/** A packet behind its time and its length, twice: as captured and as it was. */
function record(packet: Buffer, at: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(at, 0);
  header.writeUInt32LE(packet.length, 8);
  header.writeUInt32LE(packet.length, 12);
  return Buffer.concat([header, packet]);
}
