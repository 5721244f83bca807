import { Worker } from 'node:worker_threads';
import type { HasherRequest, HasherResult } from './hasher-thread.ts';

/** A request that was made, and waits for its result. */
interface Job {
  readonly request: HasherRequest;
  readonly result: PromiseWithResolvers<HasherResult>;
}

// Three seconds' work: who waits longer may as well come again.
const defaultWaitingMax = 64;

/**
 * Hashes secrets and compares them in one thread of its own, one after the other.
 *
 * Not by the asynchronous functions of `node:crypto`: these share four threads with the files, so that
 * forty hashes at once would keep a write of the log waiting for seconds. The thread is started when the
 * first secret comes, and does not keep the process alive.
 */
export class Hasher {
  readonly #waitingMax: number;
  readonly #jobs: Job[] = [];
  #worker: Worker | undefined;
  #closed = false;

  /** @param waitingMax how many requests may wait, the one that is worked on included */
  constructor(waitingMax: number = defaultWaitingMax) {
    this.#waitingMax = waitingMax;
  }

  /** The number of requests that wait, the one that is worked on included. */
  get waiting(): number {
    return this.#jobs.length;
  }

  /**
   * Hashes a secret as a PHC string. Returns undefined when too many wait. Resolves with undefined when
   * the secret is among those that people take most often. Rejects when the thread fails.
   */
  hash(secret: string): Promise<string | undefined> | undefined {
    return this.#ask({ kind: 'hash', secret }) as Promise<string | undefined> | undefined;
  }

  /**
   * Tells if a secret is the one of the PHC string; undefined when too many wait. Without a string it
   * says no, after the same time. Rejects when the thread fails.
   */
  verify(secret: string, phc: string | undefined): Promise<boolean> | undefined {
    return this.#ask({ kind: 'verify', secret, phc }) as Promise<boolean> | undefined;
  }

  /** Ends the thread. What waits is rejected. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #ask(request: HasherRequest): Promise<HasherResult> | undefined {
    if (this.#jobs.length >= this.#waitingMax) return undefined;
    if (this.#closed) return Promise.reject(new Error('the hasher is closed'));
    const result = Promise.withResolvers<HasherResult>();
    this.#jobs.push({ request, result });
    if (this.#jobs.length === 1) this.#next();
    return result.promise;
  }

  #next(): void {
    const [job] = this.#jobs;
    if (job === undefined) {
      this.#worker?.unref();
      return;
    }
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(job.request);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./hasher-thread.ts', import.meta.url), {
      name: 'hasher',
      // A thread would take the flags of the process as its own, and complain of some.
      execArgv: [],
    });
    worker.on('message', (result: HasherResult) => {
      this.#jobs.shift()?.result.resolve(result);
      this.#next();
    });
    let cause: unknown;
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => this.#ended(worker, cause));
    return worker;
  }

  /** The thread is gone. The next request starts another one. */
  #ended(worker: Worker, cause: unknown): void {
    if (this.#worker === worker) this.#worker = undefined;
    const error = new Error('the thread that hashes secrets has ended', { cause });
    for (const { result } of this.#jobs.splice(0)) result.reject(error);
  }
}
