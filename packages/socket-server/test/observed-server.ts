import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The memory and the handles of a server. */
export interface Held {
  readonly connections: number;
  readonly fileDescriptors: number;
  readonly handles: number;
  readonly memoryBytes: number;
}

/** A server in a process of its own, whose connections, descriptors and memory can be counted. */
export class ObservedServer {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(): Promise<ObservedServer> {
    const script = fileURLToPath(new URL('fixtures/observed-server.ts', import.meta.url));
    const child = fork(script, { execArgv: ['--expose-gc'] });
    const [port] = await once(child, 'message');
    return new ObservedServer(child, Number(port));
  }

  /** Tells if its process still runs. */
  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async held(): Promise<Held> {
    this.#child.send('held');
    const [held] = await once(this.#child, 'message');
    return held as Held;
  }

  /** Returns what it holds once it has so many connections. */
  async heldAt(connections: number): Promise<Held> {
    for (;;) {
      const held = await this.held();
      if (held.connections === connections) return held;
    }
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    if (this.alive) await once(this.#child, 'exit');
  }
}
