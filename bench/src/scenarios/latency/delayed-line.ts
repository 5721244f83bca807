import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Target } from '../../lanes/lane.ts';

/** The options of its thread. */
export interface DelayedLineOptions extends Target {
  /** There and back, in milliseconds: half of it each way; with 0, bytes pass as they come. */
  readonly roundTripMs: number;
}

/**
 * A line to a server with a known round-trip time: a proxy in a thread of its own, so that
 * its timers do not wait for the client that is measured.
 *
 * TCP ends at the proxy, which takes all bytes at once. So the line has no limit of bandwidth, loses nothing, and
 * does not show TCP's own windows and slow start. A sender across it is limited by the bytes that its
 * protocol lets it have under way.
 */
export class DelayedLine {
  /** The address for clients. */
  readonly target: Target;
  readonly #thread: Worker;

  private constructor(thread: Worker, target: Target) {
    this.#thread = thread;
    this.target = target;
  }

  /** Opens a line to the server of these options. */
  static async open(options: DelayedLineOptions): Promise<DelayedLine> {
    const thread = new Worker(new URL('delayed-line-thread.ts', import.meta.url), {
      workerData: options,
    });
    const [port] = (await once(thread, 'message')) as [number];
    return new DelayedLine(thread, { host: options.host, port });
  }

  /** Ends the line, and every connection on it. */
  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}
