import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** Held by the one run of the lab that may measure on this machine. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of this machine: two runs at once would measure each other, whoever starts them. It is
 * the address of a local socket, which one process can listen on, of whatever user, and which the
 * operating system frees when the process ends, however it ends. Who connects is told who holds it.
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
    // The file of a socket, of which nobody is behind any more.
    if (!address.startsWith('\0')) rmSync(address, { force: true });
    if (!(await listens(server, address))) {
      throw new Error('another run of the lab has just begun here: wait for it');
    }
  }
  return { release: () => server.close() };
}

/**
 * The address that stands for this machine, or for those who share a `TMPDIR`. On Linux it is in the
 * abstract namespace: a file in a directory that all may write to would belong to its first user.
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

/** Undefined when nobody is there. */
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
