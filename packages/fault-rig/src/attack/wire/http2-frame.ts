// HTTP/2's frames, written by hand so that every one of them can be wrong. [RFC 9113, 6]

/** Types of frames. */
export const FrameType = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  resetStream: 0x3,
  settings: 0x4,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

/** Flags of frames: 1 ends a stream, or acknowledges; 4 ends the headers. */
export const Flag = { none: 0x0, endStream: 0x1, acknowledge: 0x1, endHeaders: 0x4 } as const;

/** The first bytes of an HTTP/2 client. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** The length of a frame's header, in bytes. */
export const frameHeaderBytes = 9;

/** The longest payload of a frame by default, in bytes. */
export const framePayloadBytesMax = 16_384;

const initialWindowSetting = 0x4;
const cancelled = 8;

/** A frame of any kind. */
export function frame(type: number, flags: number, stream: number, payload?: Buffer): Buffer {
  const length = payload?.length ?? 0;
  const bytes = Buffer.allocUnsafe(frameHeaderBytes + length);
  bytes.writeUIntBE(length, 0, 3);
  bytes.writeUInt8(type, 3);
  bytes.writeUInt8(flags, 4);
  bytes.writeUInt32BE(stream, 5);
  payload?.copy(bytes, frameHeaderBytes);
  return bytes;
}

/** Complete HEADERS; the request has a body unless it `ends`. */
export function headersFrame(stream: number, block: Buffer, ends = false): Buffer {
  const flags = Flag.endHeaders | (ends ? Flag.endStream : Flag.none);
  return frame(FrameType.headers, flags, stream, block);
}

/** DATA of a stream. */
export function dataFrame(stream: number, payload: Buffer, ends = false): Buffer {
  return frame(FrameType.data, ends ? Flag.endStream : Flag.none, stream, payload);
}

/** RST_STREAM with CANCEL. */
export function resetFrame(stream: number): Buffer {
  return frame(FrameType.resetStream, Flag.none, stream, uint32(cancelled));
}

/** WINDOW_UPDATE, of the connection where the stream is 0. */
export function windowUpdateFrame(stream: number, bytes: number): Buffer {
  return frame(FrameType.windowUpdate, Flag.none, stream, uint32(bytes));
}

/** SETTINGS with the flow-control window of each stream. */
export function settingsFrame(windowBytes: number): Buffer {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(initialWindowSetting, 0);
  payload.writeUInt32BE(windowBytes, 2);
  return frame(FrameType.settings, Flag.none, 0, payload);
}

/** A gRPC message with its prefix; not compressed by default. */
export function grpcMessage(message: Buffer, compressed = false): Buffer {
  const prefix = Buffer.from([compressed ? 1 : 0, 0, 0, 0, 0]);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A protobuf field that holds text or another message. Both lengths fit in one byte. */
export function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
