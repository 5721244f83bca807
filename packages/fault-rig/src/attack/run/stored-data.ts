import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ServerCommand, ServerProcess } from '../../server/server-process.ts';
import { withTimeout } from '../../timeout.ts';
import { troublesOfKeeper } from './population.ts';

const startTimeoutMs = 60_000;
const stopTimeoutMs = 30_000;

/** Returns the faults in a server's stored data, in words: in the file, and in its content. */
export async function troublesOfData(
  command: ServerCommand,
  dataDirectory: string,
): Promise<string[]> {
  const troubles = troublesOfFile(join(dataDirectory, 'tandem.db'));
  return troubles.length > 0 ? troubles : troublesOfNextStart(command, dataDirectory);
}

function troublesOfFile(path: string): string[] {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    const rows = database.prepare('PRAGMA integrity_check').all();
    database.close();
    return rows.map((row) => String(row.integrity_check)).filter((found) => found !== 'ok');
  } catch (error) {
    return [`the database cannot be read: ${error}`];
  }
}

async function troublesOfNextStart(
  command: ServerCommand,
  dataDirectory: string,
): Promise<string[]> {
  const server = new ServerProcess(command, dataDirectory);
  try {
    const ports = await withTimeout(server.listening, startTimeoutMs);
    if (ports === undefined) return [`the next start failed:\n${server.log}`];
    return await troublesOfKeeper(server.host, ports.socket);
  } finally {
    server.signal('SIGTERM');
    if ((await withTimeout(server.exited, stopTimeoutMs)) === undefined) server.signal('SIGKILL');
  }
}
