import type { ServerFrame } from '@tandem/protos';
import { type FrameWriter, frameOverheadBytes } from '../calls/writer.ts';

// Content of so many bytes is written at once: whoever makes more has to know that it waits.
const bytesMax = 16 * 1024;

/**
 * Writes frames to a stream in batches: all of a turn of the event loop together, when its promises have
 * settled. A frame that is alone is written as it is.
 */
export class BatchWriter {
  readonly #writer: FrameWriter<ServerFrame>;
  readonly #framesMax: number;
  #announce: (() => void) | undefined;
  #frames: ServerFrame[] = [];
  #bytes = 0;

  /**
   * @param framesMax the most frames that the client takes in a batch; with 1, each is written at once
   * @param announce says to such a client, before the first message, that batches are taken here, too
   */
  constructor(writer: FrameWriter<ServerFrame>, framesMax: number, announce: () => void) {
    this.#writer = writer;
    this.#framesMax = framesMax;
    if (framesMax > 1) this.#announce = announce;
  }

  /**
   * @param contentBytes the size of its content
   * @param alone true when no other is expected in this turn, so that it is written at once
   */
  write(frame: ServerFrame, contentBytes: number, alone: boolean): void {
    if (this.#framesMax === 1 || (alone && this.#frames.length === 0)) {
      this.#write(frame, contentBytes);
      return;
    }
    if (this.#frames.length === 0) process.nextTick(flush, this);
    this.#frames.push(frame);
    this.#bytes += contentBytes;
    if (this.#frames.length === this.#framesMax || this.#bytes > bytesMax) this.flush();
  }

  /** Writes what waits for the end of the turn. */
  flush(): void {
    const frames = this.#frames;
    const bytes = this.#bytes;
    const [only] = frames;
    if (only === undefined) return;
    this.#frames = [];
    this.#bytes = 0;
    const overhead = (frames.length - 1) * frameOverheadBytes;
    this.#write(frames.length === 1 ? only : { batch: { frames } }, bytes + overhead);
  }

  #write(message: ServerFrame, contentBytes: number): void {
    this.#announce?.();
    this.#announce = undefined;
    this.#writer.write(message, contentBytes);
  }
}

// One function for all writers, as a closure for each turn would cost time.
function flush(writer: BatchWriter): void {
  writer.flush();
}
