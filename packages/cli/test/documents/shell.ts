import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './document.ts';

/** A PostgreSQL on a Unix socket, and its programs. */
interface PostgresPlace {
  readonly socketDirectory: string;
  readonly programs: string;
}

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
 * removed. A command that serves goes on in the background, and a load lasts a second.
 */
export class DocumentShell {
  readonly #directory = mkdtempSync(join(tmpdir(), 'tandem-document-'));
  readonly #children = new Set<ChildProcess>();
  readonly #environment: Record<string, string>;
  /** Those that serve, and their ends. */
  readonly #servers = new Map<ChildProcess, Promise<unknown>>();
  #database = 'db.example.org/tandem';

  constructor() {
    const bin = join(this.#directory, 'bin');
    for (const name of ['bin', 'srv', 'backups', 'etc/tandem']) {
      mkdirSync(join(this.#directory, name), { recursive: true });
    }
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

  /** Sets a variable for the commands that follow. */
  set(name: string, value: string): void {
    this.#environment[name] = value;
  }

  /** Has the database and the programs of PostgreSQL that a document names be those of a server on a Unix socket. */
  usePostgres({ socketDirectory, programs }: PostgresPlace): void {
    this.set('PATH', `${this.#environment.PATH}:${programs}`);
    for (const [name, value] of [
      ['PGHOST', socketDirectory],
      ['PGPORT', '5432'],
      ['PGUSER', 'postgres'],
    ] as const) {
      this.set(name, value);
    }
    this.#database = `localhost/tandem?host=${socketDirectory}`;
  }

  /** A text of a document with this shell's ports and directories in place of those that it names. */
  here(documented: string): string {
    return documented
      .replaceAll('/srv/tandem', join(this.#directory, 'srv/tandem'))
      .replaceAll('/backups/', join(this.#directory, 'backups/'))
      .replaceAll('/etc/tandem', join(this.#directory, 'etc/tandem'))
      .replaceAll('/opt/tandem/', root)
      .replaceAll('db.example.org/tandem', this.#database)
      .replaceAll('--duration 60', '--duration 1')
      .replaceAll('load.json', join(this.#directory, 'load.json'))
      .replaceAll('9464', this.#environment.TANDEM_ADMIN_PORT ?? '9464')
      .replaceAll('0.0.0.0', '127.0.0.1')
      .replaceAll('22067', this.#environment.TANDEM_SOCKET_PORT as string)
      .replaceAll('22068', this.#environment.TANDEM_GRPC_PORT as string);
  }

  /** Runs a command to its end, or until it serves; then the servers before it are stopped. */
  async run(command: string): Promise<Ran> {
    if (/ serve(?!.*--help)/.test(command)) {
      await this.stopServer();
      return this.serveBeside(command);
    }
    const [, exported] = /^export (.*)$/.exec(command) ?? [];
    if (exported === undefined) return this.runToEnd(command);
    for (const [, name = '', value = ''] of exported.matchAll(/(\w+)=(\S+)/g)) {
      this.set(name, this.here(value));
    }
    return { code: 0, output: '', errorOutput: '' };
  }

  /** Runs commands to their end. */
  async runToEnd(commands: string): Promise<Ran> {
    const child = this.#start(commands);
    const [[code], output, errorOutput] = await Promise.all([
      once(child, 'close'),
      text(child.stdout as NodeJS.ReadableStream),
      text(child.stderr as NodeJS.ReadableStream),
    ]);
    return { code, output, errorOutput };
  }

  /** Tells the servers to stop, as a supervisor does, and resolves with the first exit code that is not 0, or with 0. */
  async stopServer(): Promise<number | null> {
    const servers = [...this.#servers];
    this.#servers.clear();
    for (const [server] of servers) server.kill('SIGTERM');
    await Promise.all(servers.map(([, ended]) => ended));
    return servers.map(([{ exitCode }]) => exitCode).find((code) => code !== 0) ?? 0;
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

  /** Runs a command until it serves. */
  async serveBeside(command: string): Promise<Ran> {
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
    this.#servers.set(child, ended);
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

/** Returns a port that is free now. */
export async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return String(port);
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
