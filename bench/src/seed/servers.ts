import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { LineProcess } from '../rig/line-process.ts';
import type { ServerReady } from '../rig/messages.ts';
import { UsageError } from '../usage-error.ts';

/** A server that was started for one run. */
export interface StartedServer {
  readonly port: number;
  readonly pid: number;
  /** CPU time of all its threads so far, in microseconds; 0 where the system does not say. */
  cpuUs(): number;
  end(): Promise<void>;
}

/** A transport of the program of 2023: its server in its repository, and our lane that speaks the same. */
export interface SeedTransport {
  readonly name: 'sockets' | 'grpc';
  readonly directory: string;
  readonly script: string;
  readonly lane: 'sockets-seed' | 'grpc-seed';
}

/** Both transports of the program of 2023. */
export const seedTransports: readonly SeedTransport[] = [
  { name: 'sockets', directory: 'sockets', script: 'server.py', lane: 'sockets-seed' },
  { name: 'grpc', directory: 'grpc_impl', script: 'grpc_server.py', lane: 'grpc-seed' },
];

const startsWithinMs = 20_000;
const tryAgainMs = 20;
const serverScript = new URL('../rig/server-process.ts', import.meta.url);

/** Refuses a directory that does not have the servers of 2023. */
export function refuseOtherProgram(program: string, transports: readonly SeedTransport[]): void {
  for (const { directory, script } of transports) {
    const path = join(program, directory, script);
    if (existsSync(path)) continue;
    throw new UsageError(
      `${path} is not there: give the directory of a clone of https://github.com/ericmshen/262-chat-app`,
    );
  }
}

/**
 * Starts a server of 2023 as its README says, unchanged, with its output to nowhere.
 *
 * @param python the interpreter, which needs grpcio and protobuf for the gRPC server
 */
export async function startSeedServer(
  program: string,
  { directory, script }: SeedTransport,
  python: string,
  core: number | undefined,
): Promise<StartedServer> {
  const port = await freePort();
  const command = [python, script, String(port)];
  const [file, ...rest] = core === undefined ? command : ['taskset', '-c', `${core}`, ...command];
  const child = spawn(file as string, rest, {
    cwd: join(program, directory),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C is for the lab, which ends its children itself.
    detached: true,
  });
  const exited = whenOver(child);
  const givenUp = new AbortController();
  try {
    await Promise.race([listens(port, givenUp.signal), exited.then((why) => Promise.reject(why))]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    givenUp.abort();
  }
  return {
    ...{ port, pid: child.pid ?? 0 },
    cpuUs: () => cpuUsOf(child.pid),
    async end() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Starts our own server of a lane, in a process as the lab always has. */
export async function startOwnServer(
  lane: string,
  core: number | undefined,
): Promise<StartedServer> {
  const server = new LineProcess({ core }, serverScript, lane, '0');
  const { port } = await server.hear<ServerReady>();
  const pid = server.pid ?? 0;
  return { port, pid, cpuUs: () => cpuUsOf(pid), end: () => server.end() };
}

/** Resolves with the reason when a process is over, or could not be started. */
async function whenOver(child: ChildProcess): Promise<UsageError> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2_000);
  });
  const [why] = await Promise.race([once(child, 'close'), once(child, 'error')]).catch((error) => [
    error,
  ]);
  const said = why instanceof Error ? why.message : stderr.trim();
  return new UsageError(`${child.spawnargs.join(' ')} ended early: ${said || 'it said nothing'}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Resolves once something takes connections there: the servers announce it only to a terminal. */
async function listens(port: number, givenUp: AbortSignal): Promise<void> {
  const until = performance.now() + startsWithinMs;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (cause) {
      if (givenUp.aborted) return;
      if (performance.now() > until) {
        throw new UsageError(`no server listens on port ${port} after 20 s`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, tryAgainMs));
    } finally {
      socket.destroy();
    }
  }
}

// `/proc/PID/stat`: the name, in parentheses, may have spaces; utime and stime are the 12th and 13th
// field after it, in ticks of a hundredth of a second on every architecture.
function cpuUsOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return 0;
  }
}
