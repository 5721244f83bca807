import type { Annotator } from '../annotator.ts';
import { WireError } from '../dissector.ts';
import type { Layer } from '../ledger.ts';
import { Flag, FrameType, type Http2Frame } from './frame.ts';

const typeNames: ReadonlyMap<number, string> = new Map([
  [FrameType.data, 'DATA'],
  [FrameType.headers, 'HEADERS'],
  [FrameType.priority, 'PRIORITY'],
  [FrameType.resetStream, 'RST_STREAM'],
  [FrameType.settings, 'SETTINGS'],
  [FrameType.pushPromise, 'PUSH_PROMISE'],
  [FrameType.ping, 'PING'],
  [FrameType.goAway, 'GOAWAY'],
  [FrameType.windowUpdate, 'WINDOW_UPDATE'],
  [FrameType.continuation, 'CONTINUATION'],
]);

/** A frame in words: `HEADERS, stream 5`. */
export function frameTitle({ type, streamId }: Http2Frame): string {
  return `${typeName(type)}, ${streamId === 0 ? 'the connection' : `stream ${streamId}`}`;
}

/** Annotates the header of a frame. (RFC 9113, section 4.1) */
export function annotateFrameHeader(
  { type, flags, streamId, payload }: Http2Frame,
  annotator: Annotator,
): void {
  annotator.add('http2Frames', 3, `length ${payload.length}`);
  annotator.add('http2Frames', 1, `type ${typeName(type)}`);
  annotator.add('http2Frames', 1, `flags ${flagNames(type, flags).join(', ') || 'none'}`);
  annotator.add('http2Frames', 4, `stream ${streamId}${streamId === 0 ? ': the connection' : ''}`);
}

/**
 * Annotates the payload of a frame that carries neither data, headers nor settings. A receiver
 * ignores unknown types. (RFC 9113, section 5.5)
 *
 * @throws WireError when its length is not that of its type
 */
export function annotateControl({ type, payload }: Http2Frame, annotator: Annotator): void {
  const fixed = (layer: Layer, length: number, meaning: () => string) => {
    if (payload.length !== length)
      throw new WireError(`a frame of type ${type} has another length`);
    annotator.add(layer, length, meaning());
  };
  switch (type) {
    case FrameType.windowUpdate:
      fixed('windowUpdate', 4, () => `${payload.readUInt32BE(0)} more bytes may be sent`);
      break;
    case FrameType.ping:
      fixed('ping', 8, () => 'any 8 bytes, to be sent back');
      break;
    case FrameType.priority:
      fixed('http2Other', 5, () => 'priority');
      break;
    case FrameType.resetStream:
      fixed('http2Other', 4, () => `error code ${payload.readUInt32BE(0)}`);
      break;
    case FrameType.goAway:
      if (payload.length < 8) throw new WireError('a GOAWAY that is too short');
      annotator.add('http2Other', 4, `last stream ${payload.readUInt32BE(0)}`);
      annotator.add('http2Other', 4, `error code ${payload.readUInt32BE(4)}`);
      annotator.add('http2Other', payload.length - 8, `"${payload.toString('latin1', 8)}"`);
      break;
    default:
      annotator.add('http2Other', payload.length, 'of a type that is unknown here');
  }
}

function typeName(type: number): string {
  return typeNames.get(type) ?? `type ${type}`;
}

function flagNames(type: number, flags: number): string[] {
  const has = (flag: number) => (flags & flag) !== 0;
  const carriesStream = type === FrameType.data || type === FrameType.headers;
  const names = [
    carriesStream && has(Flag.endStream) && 'END_STREAM',
    !carriesStream && has(Flag.ack) && 'ACK',
    has(Flag.endHeaders) && 'END_HEADERS',
    has(Flag.padded) && 'PADDED',
    has(Flag.priority) && 'PRIORITY',
  ];
  return names.filter((name) => name !== false);
}
