import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endingWithThis } from '@tandem/chat/postgres/testing';

const tandem = fileURLToPath(new URL('../../bin/tandem.js', import.meta.url));
const options = [
  ...['serve', '--store', 'postgres', '--socket-port', '0', '--grpc-port', '0'],
  // The faults of a demonstration are no news.
  ...['--log-level', 'fatal'],
];

/** A process of `tandem serve`, one of several nodes. */
export class NodeProcess {
  readonly number: number;
  readonly #child: ChildProcess;
  readonly #ports: ReadonlyMap<string, number>;

  private constructor(number: number, child: ChildProcess, ports: ReadonlyMap<string, number>) {
    this.number = number;
    this.#child = child;
    this.#ports = ports;
  }

  /**
   * Starts one, and waits until it serves. Rejects when it ends instead: it has said why on standard error.
   *
   * @param over aborted to end it at once
   */
  static async start(number: number, url: string, over: AbortSignal): Promise<NodeProcess> {
    const [command, args] = endingWithThis(process.execPath, [
      ...[tandem, ...options, '--postgres-url', url],
    ]);
    const child = spawn(command, args, {
      env: ownEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
      signal: over,
      killSignal: 'SIGKILL',
    });
    // Of the abort, or of a program that is not there: its output ends then.
    child.on('error', () => {});
    const ports = new Map<string, number>();
    for await (const line of createInterface(child.stdout)) {
      const [, transport, port] = /^Serving (sockets|gRPC) on .*:(\d+)$/.exec(line) ?? [];
      if (transport !== undefined) ports.set(transport, Number(port));
      if (ports.size < 2) continue;
      child.stdout.resume();
      return new NodeProcess(number, child, ports);
    }
    throw new Error(`node ${number} did not start`);
  }

  /** The place at which it serves. */
  at(transport: 'sockets' | 'gRPC'): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.#ports.get(transport) ?? 0 };
  }

  /** Sends it a signal, and waits until it has ended. May be called again. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}

/** Returns the variables of this process but for those that change a server or its way to PostgreSQL. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const all = Object.entries(process.env);
  return Object.fromEntries(all.filter(([name]) => !/^(?:TANDEM_|PG)/.test(name)));
}
