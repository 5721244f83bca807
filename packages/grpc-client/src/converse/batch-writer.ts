import { type ClientFrame, requestBytesMax } from '@tandem/protos';

// What protobuf adds to the texts of a frame at most: tags and lengths of four fields, those around them,
// and a count.
const frameOverheadBytes = 32;

/** Writes a message to the stream; calls back when HTTP/2 has accepted it. */
type WriteMessage = (message: ClientFrame, onAccepted?: () => void) => void;

/**
 * Writes frames to a stream: to a server that takes batches, all together that a turn of the event loop
 * makes, or that come while the message before waits for HTTP/2.
 */
export class BatchWriter {
  readonly #writeMessage: WriteMessage;
  #framesMax = 1;
  #frames: ClientFrame[] = [];
  #writing = false;

  constructor(writeMessage: WriteMessage) {
    this.#writeMessage = writeMessage;
  }

  /** @param framesMax the most frames that the server takes in a batch; 1 for none */
  takesBatches(framesMax: number): void {
    this.#framesMax = framesMax;
  }

  /** @param alone true when no other is expected in this turn, so that it is written at once */
  write(frame: ClientFrame, alone: boolean): void {
    if (this.#framesMax === 1 || (alone && this.#frames.length === 0)) {
      this.#writeMessage(frame);
      return;
    }
    this.#frames.push(frame);
    if (this.#writing) return;
    this.#writing = true;
    process.nextTick(this.#writeNext);
  }

  /** Writes everything that waits. */
  flush(): void {
    while (this.#frames.length > 0) this.#writeMessage(this.#take());
  }

  readonly #writeNext = (): void => {
    this.#writing = this.#frames.length > 0;
    if (this.#writing) this.#writeMessage(this.#take(), this.#writeNext);
  };

  /** Takes the next message: a frame, or several as a batch. */
  #take(): ClientFrame {
    if (this.#frames.length === 1) return this.#frames.pop() as ClientFrame;
    let count = 0;
    let bytes = frameOverheadBytes;
    for (const frame of this.#frames) {
      bytes += bytesOf(frame);
      if (count === this.#framesMax || (count > 0 && bytes > requestBytesMax)) break;
      count++;
    }
    const frames = this.#frames.splice(0, count);
    return count === 1 ? (frames[0] as ClientFrame) : { batch: { frames } };
  }
}

/** Returns the size of a frame, in bytes, or more. Its texts are ASCII. */
function bytesOf(frame: ClientFrame): number {
  let bytes = frameOverheadBytes;
  for (const request of Object.values(frame)) {
    for (const value of Object.values(request)) {
      if (typeof value === 'string') bytes += value.length;
    }
  }
  return bytes;
}
