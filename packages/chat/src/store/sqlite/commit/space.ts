import type { StoreError } from '../../store-error.ts';
import { storeError } from '../sqlite-errors.ts';

/** The options of {@link Space}. */
interface SpaceOptions {
  /** Returns the bytes of the database that are in use. */
  readonly bytesUsed: () => number;
  /** The most bytes that may be in use; no limit by default. */
  readonly bytesMax: number | undefined;
  /** The path of the database, for messages. */
  readonly path: string;
  /** Called when a write succeeds after one that did not. */
  readonly onRecovery: () => void;
}

/** The room that is left for the database, and whether a write was refused for lack of it. */
export class Space {
  readonly #options: SpaceOptions;
  #full = false;
  #refusing = false;

  constructor(options: SpaceOptions) {
    this.#options = options;
    this.#measure();
  }

  /** Returns the error of a write while the limit is reached. Measured after each batch, and at each write while it is reached. */
  refusal(): StoreError | undefined {
    if (this.#full) this.#measure();
    if (!this.#full) return undefined;
    this.#refusing = true;
    const { bytesMax, path } = this.#options;
    return storeError('full', path, new Error(`the limit of ${bytesMax} bytes is reached`));
  }

  /** A write has failed. */
  failed(): void {
    this.#refusing = true;
  }

  /** A batch was written. */
  written(): void {
    this.#measure();
    if (!this.#refusing || this.#full) return;
    this.#refusing = false;
    this.#options.onRecovery();
  }

  #measure(): void {
    const { bytesUsed, bytesMax } = this.#options;
    if (bytesMax !== undefined) this.#full = bytesUsed() >= bytesMax;
  }
}
