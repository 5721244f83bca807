import type { ArrivedChunk } from '@tandem/proxy';
import { dissectAnything } from './dissect/dissect.ts';
import type { LenientConnection } from './dissect/lenient.ts';
import { RecordedConnection } from './record/recorder.ts';
import type { Flight } from './record/recording.ts';

export { renderFlights } from './show/hexdump.ts';

/** A connection to a chat server, taken apart while it lasts, from the chunks of a tap. */
export class LiveConnection {
  readonly #recorded: RecordedConnection;
  #dissector: LenientConnection | undefined;

  constructor(wire: 'framed' | 'grpc-unary' | 'grpc-converse') {
    this.#recorded = new RecordedConnection(0, (tally) => {
      this.#dissector = dissectAnything({ wire, hasChat: true }, tally);
      return this.#dissector;
    });
  }

  take(chunk: ArrivedChunk): void {
    this.#recorded.take(chunk);
  }

  /** The connection is over: what is not complete will not be. */
  end(): void {
    this.#dissector?.end();
  }

  /** Takes what has crossed since the last time; nothing while something is not complete. */
  takeFlights(): readonly Flight[] {
    return this.#recorded.isWhole ? this.#recorded.settle('a connection').flights : [];
  }
}
