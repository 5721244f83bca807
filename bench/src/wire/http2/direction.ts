import { type Account, type Dissector, WireError } from '../dissector.ts';
import type { Layer } from '../ledger.ts';
import { PendingBytes } from '../pending-bytes.ts';
import { Flag, FrameDecoder, FrameType, frameHeaderBytes, type Http2Frame } from './frame.ts';
import { type HeaderField, HpackDecoder } from './hpack.ts';
import { unpad } from './padding.ts';
import { readSettings, type Settings } from './settings.ts';

/** What a client says before its first frame. (RFC 9113, section 3.4) */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** What one direction tells about its streams. */
export interface DirectionListener {
  headers(streamId: number, fields: readonly HeaderField[]): void;
  /** Whoever takes the data accounts for it. */
  data(streamId: number, data: Buffer): void;
  /** The sender has ended the stream, or given it up. */
  ended(streamId: number): void;
  /** The sender has said what it takes from the other side. */
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
  readonly #account: Account;
  readonly #listener: DirectionListener;
  #preface: PendingBytes | undefined;
  /** The header block that CONTINUATION goes on with. */
  #block: HeaderBlock | undefined;
  #first = true;

  constructor(from: 'client' | 'server', account: Account, listener: DirectionListener) {
    this.#account = account;
    this.#listener = listener;
    if (from === 'client') this.#preface = new PendingBytes();
  }

  get pendingBytes(): number {
    return (this.#preface?.length ?? 0) + this.#frames.pendingBytes;
  }

  /** The other side has said what it takes from this one. */
  obey({ framePayloadBytesMax, headerTableBytesMax }: Settings): void {
    if (framePayloadBytesMax !== undefined) this.#frames.payloadBytesMax = framePayloadBytesMax;
    if (headerTableBytesMax !== undefined) this.#hpack.limitTable(headerTableBytesMax);
  }

  push(chunk: Uint8Array): void {
    const rest = this.#preface === undefined ? chunk : this.#takePreface(this.#preface, chunk);
    if (rest === undefined) return;
    this.#frames.push(rest);
    for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) {
      this.#account('http2Frames', frameHeaderBytes);
      this.#take(frame);
    }
  }

  #takePreface(pending: PendingBytes, chunk: Uint8Array): Uint8Array | undefined {
    pending.push(chunk);
    const said = pending.take(preface.length);
    if (said === undefined) return undefined;
    if (!said.equals(preface)) throw new WireError('no HTTP/2 connection preface');
    this.#account('http2Frames', preface.length);
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
      case FrameType.windowUpdate:
        this.#takeFixed(frame, 'windowUpdate', 4);
        break;
      case FrameType.ping:
        this.#takeFixed(frame, 'ping', 8);
        break;
      case FrameType.priority:
        this.#takeFixed(frame, 'http2Other', 5);
        break;
      case FrameType.resetStream:
        this.#takeFixed(frame, 'http2Other', 4);
        this.#listener.ended(streamOf(frame));
        break;
      case FrameType.pushPromise:
        throw new WireError('PUSH_PROMISE, which nobody here may send');
      case FrameType.goAway:
        if (frame.payload.length < 8) throw new WireError('a GOAWAY that is too short');
        this.#account('http2Other', frame.payload.length);
        break;
      default:
        // Unknown frames are ignored by whoever gets them. (RFC 9113, section 5.5)
        this.#account('http2Other', frame.payload.length);
        break;
    }
  }

  #takeData(frame: Http2Frame): void {
    const streamId = streamOf(frame);
    const data = unpad(frame, this.#account);
    this.#listener.data(streamId, data);
    if ((frame.flags & Flag.endStream) !== 0) this.#listener.ended(streamId);
  }

  #takeHeaders(frame: Http2Frame): void {
    const fragment = unpad(frame, this.#account);
    const priorityBytes = (frame.flags & Flag.priority) === 0 ? 0 : 5;
    if (fragment.length < priorityBytes)
      throw new WireError('HEADERS too short for their priority');
    this.#account('http2Other', priorityBytes);
    this.#block = {
      streamId: streamOf(frame),
      endStream: (frame.flags & Flag.endStream) !== 0,
      bytes: Buffer.alloc(0),
    };
    this.#addFragment(this.#block, fragment.subarray(priorityBytes), frame.flags);
  }

  #continueHeaders(frame: Http2Frame): void {
    const block = this.#block;
    if (block?.streamId !== frame.streamId) throw new WireError('CONTINUATION of another stream');
    this.#addFragment(block, frame.payload, frame.flags);
  }

  #addFragment(block: HeaderBlock, fragment: Buffer, flags: number): void {
    this.#account('hpack', fragment.length);
    block.bytes = Buffer.concat([block.bytes, fragment]);
    if ((flags & Flag.endHeaders) === 0) return;
    this.#block = undefined;
    this.#listener.headers(block.streamId, this.#hpack.decode(block.bytes));
    if (block.endStream) this.#listener.ended(block.streamId);
  }

  #takeSettings({ flags, streamId, payload }: Http2Frame): void {
    const isAck = (flags & Flag.ack) !== 0;
    if (streamId !== 0 || (isAck && payload.length > 0)) throw new WireError('malformed SETTINGS');
    this.#account('settings', payload.length);
    if (!isAck) this.#listener.settings(readSettings(payload));
  }

  #takeFixed({ type, payload }: Http2Frame, layer: Layer, bytes: number): void {
    if (payload.length !== bytes) throw new WireError(`a frame of type ${type} has another length`);
    this.#account(layer, bytes);
  }
}

function streamOf({ type, streamId }: Http2Frame): number {
  if (streamId === 0) throw new WireError(`a frame of type ${type} on no stream`);
  return streamId;
}
