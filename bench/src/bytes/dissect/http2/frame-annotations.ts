import type { Annotator } from '../annotator.ts';
import { WireError } from '../dissector.ts';
import { Flag, FrameType, type Http2Frame, hasHighBit, number31 } from './frame.ts';

interface TypeWords {
  readonly name: string;
  /** The flags that the type has. */
  readonly flags: readonly (readonly [bit: number, name: string])[];
}

const endStream = [Flag.endStream, 'END_STREAM'] as const;
const ack = [Flag.ack, 'ACK'] as const;
const endHeaders = [Flag.endHeaders, 'END_HEADERS'] as const;
const padded = [Flag.padded, 'PADDED'] as const;
const priority = [Flag.priority, 'PRIORITY'] as const;

// RFC 9113, section 6.
const types: ReadonlyMap<number, TypeWords> = new Map([
  [FrameType.data, { name: 'DATA', flags: [endStream, padded] }],
  [FrameType.headers, { name: 'HEADERS', flags: [endStream, endHeaders, padded, priority] }],
  [FrameType.priority, { name: 'PRIORITY', flags: [] }],
  [FrameType.resetStream, { name: 'RST_STREAM', flags: [] }],
  [FrameType.settings, { name: 'SETTINGS', flags: [ack] }],
  [FrameType.pushPromise, { name: 'PUSH_PROMISE', flags: [endHeaders, padded] }],
  [FrameType.ping, { name: 'PING', flags: [ack] }],
  [FrameType.goAway, { name: 'GOAWAY', flags: [] }],
  [FrameType.windowUpdate, { name: 'WINDOW_UPDATE', flags: [] }],
  [FrameType.continuation, { name: 'CONTINUATION', flags: [endHeaders] }],
]);

// RFC 9113, section 7; the number of each is its place.
const errorNames = [
  ...['NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT'],
  ...['STREAM_CLOSED', 'FRAME_SIZE_ERROR', 'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR'],
  ...['CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED'],
];

/** A frame in words: `HEADERS, stream 5`. */
export function frameTitle({ type, streamId }: Http2Frame): string {
  return `${typeName(type)}, ${streamId === 0 ? 'the connection' : `stream ${streamId}`}`;
}

/** Annotates the header of a frame. (RFC 9113, section 4.1) */
export function annotateFrameHeader(
  { type, flags, streamId, reservedBit, payload }: Http2Frame,
  annotator: Annotator,
): void {
  const stream = `stream ${streamId}${streamId === 0 ? ': the connection' : ''}`;
  annotator.add('http2Frames', 3, `length ${payload.length}`);
  annotator.add('http2Frames', 1, `type ${types.get(type)?.name ?? type}`);
  annotator.add('http2Frames', 1, `flags ${flagWords(type, flags)}`);
  annotator.add('http2Frames', 4, `${stream}${reservedWords(reservedBit)}`);
}

/**
 * Annotates the payload of a frame that carries neither data, headers nor settings. A receiver
 * ignores unknown types. (RFC 9113, section 5.5)
 *
 * @throws WireError when its length is not that of its type
 */
export function annotateControl({ type, payload }: Http2Frame, annotator: Annotator): void {
  const fixed = (length: number, annotate: () => void) => {
    if (payload.length !== length)
      throw new WireError(`a frame of type ${type} has another length`);
    annotate();
  };
  switch (type) {
    case FrameType.windowUpdate:
      fixed(4, () => {
        const words = `${number31(payload, 0)} more bytes may be sent`;
        annotator.add('windowUpdate', 4, `${words}${reservedWords(hasHighBit(payload, 0))}`);
      });
      break;
    case FrameType.ping:
      fixed(8, () => annotator.add('ping', 8, 'any 8 bytes, to be sent back'));
      break;
    case FrameType.priority:
      fixed(5, () => annotatePriority(payload, annotator));
      break;
    case FrameType.resetStream:
      fixed(4, () => annotator.add('http2Other', 4, errorWords(payload, 0)));
      break;
    case FrameType.goAway:
      if (payload.length < 8) throw new WireError('a GOAWAY that is too short');
      annotateStream('last stream', payload, annotator);
      annotator.add('http2Other', 4, errorWords(payload, 4));
      annotator.add('http2Other', payload.length - 8, `"${payload.toString('latin1', 8)}"`);
      break;
    default:
      annotator.add('http2Other', payload.length, 'of a type that is unknown here');
  }
}

/** The length of a priority, in a frame of its own or in HEADERS. */
export const priorityBytes = 5;

/** Annotates a priority; it means nothing since RFC 9113. (RFC 7540, section 6.3) */
export function annotatePriority(priority: Buffer, annotator: Annotator): void {
  const exclusively = hasHighBit(priority, 0) ? ', exclusively' : '';
  annotator.add('http2Other', 4, `depends on stream ${number31(priority, 0)}${exclusively}`);
  annotator.add('http2Other', 1, `weight ${priority.readUInt8(4) + 1}`);
}

/** Annotates the number of a stream at the beginning of a payload. */
export function annotateStream(what: string, payload: Buffer, annotator: Annotator): void {
  const reserved = reservedWords(hasHighBit(payload, 0));
  annotator.add('http2Other', 4, `${what} ${number31(payload, 0)}${reserved}`);
}

function typeName(type: number): string {
  return types.get(type)?.name ?? `type ${type}`;
}

function flagWords(type: number, flags: number): string {
  const own = types.get(type)?.flags ?? [];
  const names: string[] = own.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  const others = own.reduce((left, [bit]) => left & ~bit, flags);
  if (others !== 0) names.push(`0x${others.toString(16)}, which means nothing here`);
  return names.join(', ') || 'none';
}

function reservedWords(isSet: boolean): string {
  return isSet ? ', and the reserved bit, which means nothing' : '';
}

function errorWords(payload: Buffer, at: number): string {
  const code = payload.readUInt32BE(at);
  const name = errorNames[code];
  return `error code ${code}${name === undefined ? '' : `: ${name}`}`;
}
