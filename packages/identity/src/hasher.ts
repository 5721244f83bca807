import { Worker } from 'node:worker_threads';
import type { HasherRequest, HasherResult } from './hasher-thread.ts';

/** A request that was made, and waits for its result. */
interface Job {
  readonly request: HasherRequest;
  readonly result: PromiseWithResolvers<HasherResult>;
}

/**
 * Hashes secrets and compares them in one thread of its own, one after the other, in the order in which
 * it is asked. It bounds nothing: whoever asks for others decides how many wait, and whose is next.
 *
 * Not by the asynchronous functions of `node:crypto`: these share four threads with the files, so that
 * forty hashes at once would keep a write of the log waiting for seconds. The thread is started when the
 * first secret comes, and does not keep the process alive.
 */
export class Hasher {
  readonly #startThread: () => Worker;
  readonly #jobs: Job[] = [];
  #worker: Worker | undefined;
  #closed = false;

  /** @param startThread starts a thread that runs `hasher-thread.ts` */
  constructor(startThread: () => Worker = startHasherThread) {
    this.#startThread = startThread;
  }

  /**
   * Hashes a secret as a PHC string. Resolves with undefined when the secret is among those that people
   * take most often. Rejects when the thread fails.
   */
  hash(secret: string): Promise<string | undefined> {
    return this.#ask({ kind: 'hash', secret }) as Promise<string | undefined>;
  }

  /**
   * Tells if a secret is the one of the PHC string. Without a string it says no, after the same time.
   * Rejects when the thread fails.
   */
  verify(secret: string, phc: string | undefined): Promise<boolean> {
    return this.#ask({ kind: 'verify', secret, phc }) as Promise<boolean>;
  }

  /** Ends the thread. What waits is rejected. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  async #ask(request: HasherRequest): Promise<HasherResult> {
    if (this.#closed) throw new Error('the hasher is closed');
    // Before the request waits: where the system gives no thread, nothing behind it waits for ever.
    this.#worker ??= this.#start();
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
    this.#worker?.ref();
    this.#worker?.postMessage(job.request);
  }

  #start(): Worker {
    const worker = this.#startThread();
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

function startHasherThread(): Worker {
  return new Worker(new URL('./hasher-thread.ts', import.meta.url), {
    name: 'hasher',
    // A thread would take the flags of the process as its own, and complain of some.
    execArgv: [],
  });
}
