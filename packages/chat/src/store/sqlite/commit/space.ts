import type { StoreError } from '../../store-error.ts';
import { storeError } from '../sqlite-errors.ts';

/** What {@link Space} is made of. */
interface SpaceOptions {
  /** How many bytes of the database are in use. */
  readonly bytesUsed: () => number;
  /** How many may be; no limit unless said. */
  readonly bytesMax: number | undefined;
  /** Where the database is, for whoever is refused. */
  readonly path: string;
  /** Told when a write succeeds after one that did not. */
  readonly onRecovery: () => void;
}

/** Whether there is room for more, and whether that has just been refused. */
export class Space {
  readonly #options: SpaceOptions;
  #full = false;
  #refusing = false;

  constructor(options: SpaceOptions) {
    this.#options = options;
    this.#measure();
  }

  /** Why nothing more is taken in: the limit is reached. Looked at after each batch, and at each try once it is. */
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
