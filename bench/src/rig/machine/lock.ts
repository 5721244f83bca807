import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The lock that the one run of the lab that may measure on this machine holds. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of this machine, since two runs at once would disturb each other, whoever starts them. The
 * lock is the address of a local socket. Only one process of any user can listen on it, and the
 * operating system frees it when the process ends, however it ends. A client is told who holds it.
 *
 * @throws Error that says which process holds it
 */
export async function takeLock(address: string = lockAddress()): Promise<Lock> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(`process ${process.pid} of ${userName()}`);
  });
  server.unref();
  if (!(await listens(server, address))) {
    const holder = await askHolder(address);
    if (holder !== undefined) {
      throw new Error(`another run of the lab is measuring here (${holder}): wait for it`);
    }
    // The file of a socket on which nobody listens any more.
    if (!address.startsWith('\0')) rmSync(address, { force: true });
    if (!(await listens(server, address))) {
      throw new Error('another run of the lab has just begun here: wait for it');
    }
  }
  return { release: () => server.close() };
}

/**
 * Returns the address for this machine, or for the processes that share a `TMPDIR`. On Linux it is in the
 * abstract namespace: a file in a directory that everybody may write to would belong to its first user.
 */
function lockAddress(): string {
  return process.platform === 'linux'
    ? `\0tandem-bench ${tmpdir()}`
    : join(tmpdir(), 'tandem-bench.sock');
}

/** Resolves with false when the address is taken. */
async function listens(server: Server, address: string): Promise<boolean> {
  try {
    await once(server.listen(address), 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return false;
  }
}

/** Returns the holder; undefined when nobody listens. */
async function askHolder(address: string): Promise<string | undefined> {
  try {
    return await text(connect(address));
  } catch {
    return undefined;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}
