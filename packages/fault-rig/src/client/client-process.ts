import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClientOrders, FromClient, ToClient } from './protocol.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const logCharsMax = 16 * 1024;

/** The end of a client process. */
export type ClientEnd =
  | { readonly kind: 'done'; readonly troubles: readonly string[] }
  | { readonly kind: 'killed' }
  /** It ended by a fault of the rig or of the client library. */
  | { readonly kind: 'crashed'; readonly log: string };

/** A process with some actors in it. */
export class ClientProcess {
  /** Resolves when it accepts orders, or has ended. */
  readonly ready: Promise<unknown>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<ClientEnd>;
  readonly #child: ChildProcess;
  #log = '';
  #killed = false;

  constructor() {
    this.#child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Only the rig handles a Ctrl-C.
      detached: true,
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-logCharsMax);
    });
    const exited = once(this.#child, 'close');
    let troubles: readonly string[] | undefined;
    const ready = Promise.withResolvers<void>();
    this.ready = Promise.race([ready.promise, exited]);
    this.#child.on('message', (message: FromClient) => {
      if (message.kind === 'ready') ready.resolve();
      else troubles = message.troubles;
    });
    this.ended = exited.then(() => {
      if (troubles !== undefined) return { kind: 'done', troubles };
      return this.#killed ? { kind: 'killed' } : { kind: 'crashed', log: this.#log };
    });
  }

  start(orders: ClientOrders): void {
    this.#say(orders);
  }

  /** Lets no further step begin; the process ends when the steps under way are over. */
  stop(): void {
    this.#say({ kind: 'stop' });
  }

  kill(): void {
    this.#killed = true;
    this.#child.kill('SIGKILL');
  }

  #say(message: ToClient): void {
    // It may have been killed; then its end shows it.
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}
