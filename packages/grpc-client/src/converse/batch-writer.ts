import { batchBytesMax, type ClientFrame } from '@tandem/protos';

// What protobuf adds to the texts of a frame at most: tags and lengths of four fields, those around them,
// and a count.
const frameOverheadBytes = 32;

/** Writes a message to the stream; calls back when HTTP/2 has accepted it. */
type WriteMessage = (message: ClientFrame, onAccepted: () => void) => void;

/**
 * Writes frames to a stream: to a server that takes batches, all together that a turn of the event loop
 * makes, or that come while the message before waits for HTTP/2.
 */
export class BatchWriter {
  readonly #writeMessage: WriteMessage;
  #framesMax = 1;
  #frames: ClientFrame[] = [];
  /** The sizes of these frames, in bytes; each may be less. */
  #sizes: number[] = [];
  #writing = false;

  constructor(writeMessage: WriteMessage) {
    this.#writeMessage = writeMessage;
  }

  /** @param framesMax the most frames that the server takes in a batch; 1 for none */
  takesBatches(framesMax: number): void {
    this.#framesMax = framesMax;
  }

  /** @param textBytes the size of the texts in the frame */
  write(frame: ClientFrame, textBytes: number): void {
    if (this.#framesMax === 1) {
      this.#writeMessage(frame, ignore);
      return;
    }
    this.#frames.push(frame);
    this.#sizes.push(textBytes + frameOverheadBytes);
    if (this.#writing) return;
    this.#writing = true;
    process.nextTick(this.#writeNext);
  }

  /** Writes everything that waits. */
  flush(): void {
    while (this.#frames.length > 0) this.#writeMessage(this.#take(), ignore);
  }

  readonly #writeNext = (): void => {
    this.#writing = this.#frames.length > 0;
    if (this.#writing) this.#writeMessage(this.#take(), this.#writeNext);
  };

  /** Takes the next message: a frame, or several as a batch. */
  #take(): ClientFrame {
    let count = 0;
    let bytes = frameOverheadBytes;
    do bytes += this.#sizes[count++] as number;
    while (
      count < this.#framesMax &&
      bytes + (this.#sizes[count] ?? batchBytesMax) <= batchBytesMax
    );
    this.#sizes.splice(0, count);
    const frames = this.#frames.splice(0, count);
    return frames.length === 1 ? (frames[0] as ClientFrame) : { batch: { frames } };
  }
}

function ignore(): void {}
