import type { Annotator } from '../annotator.ts';
import { type Dissector, WireError } from '../dissector.ts';
import { PendingBytes } from '../pending-bytes.ts';
import { Flag, FrameDecoder, FrameType, type Http2Frame, number31 } from './frame.ts';
import {
  annotateControl,
  annotateFrameHeader,
  annotatePriority,
  annotateStream,
  frameTitle,
  priorityBytes,
} from './frame-annotations.ts';
import { type HeaderField, HpackDecoder } from './hpack.ts';
import { annotateSettings, readSettings, type Settings } from './settings.ts';

/** The bytes that a client sends before its first frame. (RFC 9113, section 3.4) */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** The length of the number of a stream. */
const streamBytes = 4;

/** The events of the streams of one direction. */
export interface DirectionListener {
  headers(streamId: number, fields: readonly HeaderField[]): void;
  /** The server opens a stream, with the headers of the request that it answers there. */
  promised(streamId: number, fields: readonly HeaderField[]): void;
  /** The listener annotates the data. */
  data(streamId: number, data: Buffer): void;
  /** The sender has ended its direction of the stream. */
  ended(streamId: number): void;
  /** The sender has reset the stream, both directions of it. */
  reset(streamId: number): void;
  /** The sender has announced its settings for the other side. */
  settings(settings: Settings): void;
}

interface HeaderBlock {
  readonly streamId: number;
  /** The stream that it opens; undefined where it is not of a PUSH_PROMISE. */
  readonly promisedId?: number;
  readonly endStream: boolean;
  bytes: Buffer;
}

/** One direction of an HTTP/2 connection: preface, frames, header blocks. (RFC 9113) */
export class Http2Direction implements Dissector {
  readonly #frames = new FrameDecoder();
  readonly #hpack = new HpackDecoder();
  readonly #from: 'client' | 'server';
  readonly #annotator: Annotator;
  /** The bytes of header blocks, which frames may cut. */
  readonly #blockAnnotator: Annotator;
  readonly #listener: DirectionListener;
  #preface: PendingBytes | undefined;
  /** The header block that CONTINUATION continues. */
  #block: HeaderBlock | undefined;
  #first = true;

  constructor(from: 'client' | 'server', annotator: Annotator, listener: DirectionListener) {
    this.#from = from;
    this.#annotator = annotator;
    this.#blockAnnotator = annotator.carried();
    this.#listener = listener;
    if (from === 'client') this.#preface = new PendingBytes();
  }

  get pendingBytes(): number {
    const blockBytes = this.#block?.bytes.length ?? 0;
    return (this.#preface?.length ?? 0) + this.#frames.length + blockBytes;
  }

  /** Applies the settings that the other side has announced for this one. */
  obey({ framePayloadBytesMax, headerTableBytesMax }: Settings): void {
    if (framePayloadBytesMax !== undefined) this.#frames.payloadBytesMax = framePayloadBytesMax;
    if (headerTableBytesMax !== undefined) this.#hpack.limitTable(headerTableBytesMax);
  }

  push(chunk: Uint8Array): void {
    const rest = this.#preface === undefined ? chunk : this.#takePreface(this.#preface, chunk);
    if (rest === undefined) return;
    this.#frames.push(rest);
    for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) {
      const part = { title: frameTitle(frame), clause: 'RFC 9113, 4.1' };
      this.#annotator.within(part, () => {
        annotateFrameHeader(frame, this.#annotator);
        this.#take(frame);
      });
    }
  }

  #takePreface(pending: PendingBytes, chunk: Uint8Array): Uint8Array | undefined {
    pending.push(chunk);
    const said = pending.take(preface.length);
    if (said === undefined) return undefined;
    if (!said.equals(preface)) throw new WireError('no HTTP/2 connection preface');
    this.#annotator.within({ title: 'connection preface', clause: 'RFC 9113, 3.4' }, () =>
      this.#annotator.add('http2Frames', preface.length, 'this is HTTP/2'),
    );
    this.#preface = undefined;
    return pending.take(pending.length);
  }

  #take(frame: Http2Frame): void {
    if (this.#first && frame.type !== FrameType.settings) {
      throw new WireError('the first frame is not SETTINGS');
    }
    this.#first = false;
    const continues = frame.type === FrameType.continuation;
    if (continues !== (this.#block !== undefined)) {
      throw new WireError('a header block and its CONTINUATION are apart');
    }
    switch (frame.type) {
      case FrameType.data:
        this.#takeData(frame);
        break;
      case FrameType.headers:
        this.#takeHeaders(frame);
        break;
      case FrameType.continuation:
        this.#continueHeaders(frame);
        break;
      case FrameType.settings:
        this.#takeSettings(frame);
        break;
      case FrameType.pushPromise:
        this.#takePromise(frame);
        break;
      default:
        annotateControl(frame, this.#annotator);
        if (frame.type === FrameType.resetStream) this.#listener.reset(streamOf(frame));
    }
  }

  #takeData(frame: Http2Frame): void {
    const streamId = streamOf(frame);
    unpad(frame, this.#annotator, (data) => this.#listener.data(streamId, data));
    if ((frame.flags & Flag.endStream) !== 0) this.#listener.ended(streamId);
  }

  #takeHeaders(frame: Http2Frame): void {
    this.#block = {
      streamId: streamOf(frame),
      endStream: (frame.flags & Flag.endStream) !== 0,
      bytes: Buffer.alloc(0),
    };
    const block = this.#block;
    const leadingBytes = (frame.flags & Flag.priority) === 0 ? 0 : priorityBytes;
    unpad(frame, this.#annotator, (unpadded) => {
      if (unpadded.length < leadingBytes) {
        throw new WireError('HEADERS too short for their priority');
      }
      if (leadingBytes > 0) annotatePriority(unpadded, this.#annotator);
      this.#addFragment(block, unpadded.subarray(leadingBytes), frame.flags);
    });
  }

  #takePromise(frame: Http2Frame): void {
    if (this.#from === 'client') throw new WireError('PUSH_PROMISE of a client');
    const streamId = streamOf(frame);
    unpad(frame, this.#annotator, (unpadded) => {
      if (unpadded.length < streamBytes) throw new WireError('PUSH_PROMISE without its stream');
      annotateStream('promises stream', unpadded, this.#annotator);
      const promisedId = number31(unpadded, 0);
      const block: HeaderBlock = { streamId, promisedId, endStream: false, bytes: Buffer.alloc(0) };
      this.#block = block;
      this.#addFragment(block, unpadded.subarray(streamBytes), frame.flags);
    });
  }

  #continueHeaders(frame: Http2Frame): void {
    const block = this.#block;
    if (block?.streamId !== frame.streamId) throw new WireError('CONTINUATION of another stream');
    this.#addFragment(block, frame.payload, frame.flags);
  }

  #addFragment(block: HeaderBlock, fragment: Buffer, flags: number): void {
    this.#annotator.carry(fragment.length, this.#blockAnnotator);
    block.bytes = Buffer.concat([block.bytes, fragment]);
    if ((flags & Flag.endHeaders) === 0) return;
    this.#block = undefined;
    const fields = this.#hpack.decode(block.bytes, this.#blockAnnotator);
    if (block.promisedId !== undefined) this.#listener.promised(block.promisedId, fields);
    else this.#listener.headers(block.streamId, fields);
    if (block.endStream) this.#listener.ended(block.streamId);
  }

  #takeSettings({ flags, streamId, payload }: Http2Frame): void {
    const isAck = (flags & Flag.ack) !== 0;
    if (streamId !== 0 || (isAck && payload.length > 0)) throw new WireError('malformed SETTINGS');
    if (isAck) return;
    this.#listener.settings(readSettings(payload));
    annotateSettings(payload, this.#annotator);
  }
}

function streamOf({ type, streamId }: Http2Frame): number {
  if (streamId === 0) throw new WireError(`a frame of type ${type} on no stream`);
  return streamId;
}

/** Takes the payload without its padding, which is annotated around it. (RFC 9113, section 6.1) */
function unpad(
  { flags, payload }: Http2Frame,
  annotator: Annotator,
  take: (unpadded: Buffer) => void,
): void {
  if ((flags & Flag.padded) === 0) {
    take(payload);
    return;
  }
  const paddingBytes = payload[0];
  if (paddingBytes === undefined || paddingBytes >= payload.length) {
    throw new WireError('more padding than payload');
  }
  annotator.add('http2Other', 1, `length ${paddingBytes} of the padding`);
  take(payload.subarray(1, payload.length - paddingBytes));
  annotator.add('http2Other', paddingBytes, 'padding');
}
