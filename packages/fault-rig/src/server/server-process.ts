import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { serverOptions } from '@tandem/command/server-options';
import type { ResourceSample, ToProbe } from './sample.ts';

/** The command that runs a server: a program and its arguments, to which `serve`'s options are added. */
export type ServerCommand = readonly string[];

/** `tandem serve`. */
export const tandemServe: ServerCommand = [
  fileURLToPath(new URL('../../../cli/bin/tandem.js', import.meta.url)),
  'serve',
];

/** The end of a process: with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The settings of a server that differ from those of a soak. */
export interface ServerSettings {
  /** Options of `serve`, after those for its ports and its data directory. */
  readonly options?: readonly string[];
  /** A program in front of Node, with its arguments, such as `taskset`. */
  readonly launcher?: readonly string[];
  /** The cores that it may use; those of this process by default. */
  readonly cores?: number | undefined;
  /** Called with the text that it writes to standard error. */
  readonly onLog?: (text: string) => void;
}

/** A server that listens. */
export interface ServerPorts {
  readonly socket: number;
  readonly grpc: number;
}

const host = '127.0.0.1';
const probe = fileURLToPath(new URL('probe.ts', import.meta.url));
const logCharsMax = 16 * 1024;

const soakOptions = [
  // A stalled client must not delay every stop for long.
  ...['--stop-grace', '1'],
  ...['--log-level', 'warn'],
  // All clients have one address, and log in to accounts that are deleted, which are wrong secrets.
  ...['--tries-per-account', '1000000', '--tries-per-address', '1000000'],
];

/** A real server in a process of its own. */
export class ServerProcess {
  readonly host = host;
  /** Resolves with its exit. */
  readonly exited: Promise<Exit>;
  /** Resolves when it listens; undefined when it ended before. */
  readonly listening: Promise<ServerPorts | undefined>;
  readonly #child: ChildProcess;
  #log = '';

  constructor(
    command: ServerCommand,
    dataDirectory: string | undefined,
    { options = soakOptions, launcher = [], cores, onLog }: ServerSettings = {},
  ) {
    const node = [process.execPath, ...serverOptions(cores), '--expose-gc', '--import', probe];
    const [program = '', ...args] = [...launcher, ...node, ...command, ...place(dataDirectory)];
    this.#child = spawn(program, [...args, ...options], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Only the rig handles a Ctrl-C.
      detached: true,
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-logCharsMax);
      onLog?.(text);
    });
    // A frozen server does not notice that the rig is gone.
    const kill = () => this.signal('SIGKILL');
    process.once('exit', kill);
    this.exited = once(this.#child, 'close').then(([code, signal]) => {
      process.off('exit', kill);
      return { code, signal };
    });
    this.listening = this.#ports();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The end of its log. */
  get log(): string {
    return this.#log;
  }

  /** Sends a signal; does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /**
   * Sends SIGSTOP, and SIGCONT when `over` resolves or this process has ended: another process waits for that, so
   * that SIGCONT always follows.
   */
  async freeze(over: Promise<unknown>): Promise<void> {
    const script = `kill -STOP ${this.pid} && cat; kill -CONT ${this.pid}`;
    // The pid belongs to it until its exit was seen; after that, the shell finds no process.
    const shell = spawn('sh', ['-c', script], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    const closed = once(shell, 'close');
    // The shell may have ended already.
    shell.stdin.on('error', () => {});
    await over.finally(() => shell.stdin.end());
    await closed;
  }

  /** Resolves with the resources that it holds now; with undefined when it is gone. */
  async sample(): Promise<ResourceSample | undefined> {
    const sample = once(this.#child, 'message') as Promise<[ResourceSample]>;
    const request: ToProbe = 'sample';
    // When it fails, the process is gone.
    this.#child.send(request, () => {});
    const first = await Promise.race([sample, this.exited]);
    return Array.isArray(first) ? first[0] : undefined;
  }

  #ports(): Promise<ServerPorts | undefined> {
    let output = '';
    const announced = new Promise<ServerPorts>((resolve) => {
      this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-logCharsMax);
        const socket = /^Serving sockets on .*:(\d+)$/m.exec(output)?.[1];
        const grpc = /^Serving gRPC on .*:(\d+)$/m.exec(output)?.[1];
        const whole = output.includes('stop with Ctrl-C');
        if (socket !== undefined && grpc !== undefined && whole) {
          resolve({ socket: Number(socket), grpc: Number(grpc) });
        }
      });
    });
    return Promise.race([announced, this.exited.then(() => undefined)]);
  }
}

function place(dataDirectory: string | undefined): string[] {
  return [
    ...['--host', host, '--socket-port', '0', '--grpc-port', '0'],
    ...(dataDirectory === undefined ? [] : ['--data-dir', dataDirectory]),
  ];
}
