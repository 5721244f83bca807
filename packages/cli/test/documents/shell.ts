import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './document.ts';

/** The outcome of a command. */
interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly errorOutput: string;
}

/**
 * A shell in which the commands of a document are run as they are written, one after another.
 *
 * It differs from a reader's machine: `pnpm` and `npx -y pnpm@12` run the scripts of package.json
 * without a download, ports are free ones, and the document's directories are below one that is
 * removed. A command that serves goes on in the background.
 */
export class DocumentShell {
  readonly #directory = mkdtempSync(join(tmpdir(), 'tandem-document-'));
  readonly #children = new Set<ChildProcess>();
  readonly #environment: Record<string, string>;
  #server: ChildProcess | undefined;

  constructor() {
    const bin = join(this.#directory, 'bin');
    for (const name of ['bin', 'srv', 'backups', 'etc']) mkdirSync(join(this.#directory, name));
    writeProgram(join(bin, 'pnpm'), pnpm());
    writeProgram(join(bin, 'npx'), 'shift 2; exec pnpm "$@"\n');
    this.#environment = {
      PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}`,
      NO_COLOR: '1',
      TANDEM_BELL: 'off',
      TANDEM_TIME: 'off',
      TANDEM_STATUS: 'off',
      TANDEM_DATA_DIR: join(this.#directory, '.tandem'),
      TANDEM_SOCKET_PORT: '0',
      TANDEM_GRPC_PORT: '0',
      TANDEM_LOG_LEVEL: 'silent',
    };
  }

  /** The variables that a command finds here. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment;
  }

  /** A text of a document with this shell's ports and directories in place of those that it names. */
  here(documented: string): string {
    return documented
      .replaceAll('/srv/tandem', join(this.#directory, 'srv/tandem'))
      .replaceAll('/backups/', join(this.#directory, 'backups/'))
      .replaceAll('/etc/tandem-', join(this.#directory, 'etc/tandem-'))
      .replaceAll('/opt/tandem/', root)
      .replaceAll('0.0.0.0', '127.0.0.1')
      .replaceAll('22067', this.#environment.TANDEM_SOCKET_PORT as string)
      .replaceAll('22068', this.#environment.TANDEM_GRPC_PORT as string);
  }

  /** Runs a command to its end, or until it serves. */
  async run(command: string): Promise<Ran> {
    if (/ serve(?!.*--help)/.test(command)) return this.#serve(command);
    const child = this.#start(command);
    const [[code], output, errorOutput] = await Promise.all([
      once(child, 'close'),
      text(child.stdout as NodeJS.ReadableStream),
      text(child.stderr as NodeJS.ReadableStream),
    ]);
    return { code, output, errorOutput };
  }

  /** Tells the server to stop, as a supervisor does, and resolves with its exit code. */
  async stopServer(): Promise<number | null> {
    const server = this.#server;
    if (server === undefined) return 0;
    this.#server = undefined;
    const ended = once(server, 'close');
    server.kill('SIGTERM');
    const [code] = await ended;
    return code;
  }

  /** Ends whatever still runs, and removes what was written. */
  async close(): Promise<void> {
    for (const child of this.#children) {
      const ended = once(child, 'close');
      // With its whole group: a shell may have started others.
      if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGKILL');
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #serve(command: string): Promise<Ran> {
    await this.stopServer();
    Object.assign(this.#environment, { TANDEM_SOCKET_PORT: '0', TANDEM_GRPC_PORT: '0' });
    // In place of the shell, so that a signal to the process is one to the server.
    const child = this.#start(`exec ${command}`);
    let output = '';
    let errorOutput = '';
    child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      errorOutput += piece;
    });
    const ended = once(child, 'close');
    // What it says later has a reader, too.
    const pieces = child.stdout?.setEncoding('utf8').iterator({ destroyOnReturn: false });
    for await (const piece of pieces ?? []) {
      output += piece;
      if (output.includes('stop with Ctrl-C\n')) break;
    }
    child.stdout?.resume();
    const port = (transport: string) =>
      new RegExp(`Serving ${transport} on .*:(\\d+)\n`).exec(output)?.[1];
    const [socketPort, grpcPort] = [port('sockets'), port('gRPC')];
    if (socketPort === undefined || grpcPort === undefined) {
      const [code] = await ended;
      return { code, output, errorOutput };
    }
    this.#environment.TANDEM_SOCKET_PORT = socketPort;
    this.#environment.TANDEM_GRPC_PORT = grpcPort;
    this.#server = child;
    return { code: 0, output, errorOutput };
  }

  #start(command: string): ChildProcess {
    const child = spawn('sh', ['-c', this.here(command)], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.#environment },
    });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }
}

function writeProgram(file: string, text: string): void {
  writeFileSync(file, `#!/bin/sh\n${text}`);
  chmodSync(file, 0o755);
}

/** A program that runs the scripts of package.json, as `pnpm` does: those that start a command of ours. */
function pnpm(): string {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const cases = Object.entries(scripts as Record<string, string>)
    .filter(([, script]) => script.startsWith('node ') && !script.includes('&&'))
    .map(([name, script]) => `  ${name}) shift; exec ${script} "$@";;\n`);
  return `cd '${root}'\n[ "$1" = --silent ] && shift\ncase "$1" in\n${cases.join('')}esac\necho "no script $1" >&2; exit 1\n`;
}
