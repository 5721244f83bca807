import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LineProcess } from '../rig/processes/line-process.ts';
import type { ServerReady } from '../rig/processes/messages.ts';
import { startOtherProgram } from '../rig/processes/other-program.ts';
import { cpuUsOf } from '../rig/processes/program-meter.ts';

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

const serverScript = new URL('../rig/processes/server-process.ts', import.meta.url);

/** Refuses a directory that does not have the servers of 2023. */
export function refuseOtherProgram(program: string, transports: readonly SeedTransport[]): void {
  for (const { directory, script } of transports) {
    const path = join(program, directory, script);
    if (existsSync(path)) continue;
    throw new Error(
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
  const pinned = core === undefined ? [] : ['taskset', '-c', `${core}`];
  const { port, pid, end } = await startOtherProgram(
    (free) => [...pinned, python, script, `${free}`],
    join(program, directory),
  );
  return { port, pid, end, cpuUs: () => cpuUsOf(pid) ?? 0 };
}

/** Starts our own server of a lane, in a process as the lab always has. */
export async function startOwnServer(
  lane: string,
  core: number | undefined,
): Promise<StartedServer> {
  const server = new LineProcess({ core }, serverScript, lane, '0');
  const { port } = await server.hear<ServerReady>();
  const pid = server.pid ?? 0;
  return { port, pid, cpuUs: () => cpuUsOf(pid) ?? 0, end: () => server.end() };
}
