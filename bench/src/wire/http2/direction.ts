import type { Annotator } from '../annotator.ts';
import { type Dissector, WireError } from '../dissector.ts';
import { PendingBytes } from '../pending-bytes.ts';
import { Flag, FrameDecoder, FrameType, type Http2Frame } from './frame.ts';
import { annotateControl, annotateFrameHeader, frameTitle } from './frame-annotations.ts';
import { type HeaderField, HpackDecoder } from './hpack.ts';
import { unpad } from './padding.ts';
import { annotateSettings, readSettings, type Settings } from './settings.ts';

/** The bytes that a client sends before its first frame. (RFC 9113, section 3.4) */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** The events of the streams of one direction. */
export interface DirectionListener {
  headers(streamId: number, fields: readonly HeaderField[]): void;
  /** The listener annotates the data. */
  data(streamId: number, data: Buffer): void;
  /** The sender has ended or reset the stream. */
  ended(streamId: number): void;
  /** The sender has announced its settings for the other side. */
  settings(settings: Settings): void;
}

interface HeaderBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  bytes: Buffer;
}

/** One direction of an HTTP/2 connection: preface, frames, header blocks. (RFC 9113) */
export class Http2Direction implements Dissector {
  readonly #frames = new FrameDecoder();
  readonly #hpack = new HpackDecoder();
  readonly #annotator: Annotator;
  /** The bytes of header blocks, which frames may cut. */
  readonly #blockAnnotator: Annotator;
  readonly #listener: DirectionListener;
  #preface: PendingBytes | undefined;
  /** The header block that CONTINUATION continues. */
  #block: HeaderBlock | undefined;
  #first = true;

  constructor(from: 'client' | 'server', annotator: Annotator, listener: DirectionListener) {
    this.#annotator = annotator;
    this.#blockAnnotator = annotator.carried();
    this.#listener = listener;
    if (from === 'client') this.#preface = new PendingBytes();
  }

  get pendingBytes(): number {
    const blockBytes = this.#block?.bytes.length ?? 0;
    return (this.#preface?.length ?? 0) + this.#frames.pendingBytes + blockBytes;
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
        throw new WireError('PUSH_PROMISE, which nobody here may send');
      default:
        annotateControl(frame, this.#annotator);
        if (frame.type === FrameType.resetStream) this.#listener.ended(streamOf(frame));
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
    const priorityBytes = (frame.flags & Flag.priority) === 0 ? 0 : 5;
    unpad(frame, this.#annotator, (unpadded) => {
      if (unpadded.length < priorityBytes) {
        throw new WireError('HEADERS too short for their priority');
      }
      this.#annotator.add('http2Other', priorityBytes, 'priority');
      this.#addFragment(block, unpadded.subarray(priorityBytes), frame.flags);
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
    this.#listener.headers(block.streamId, fields);
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
