import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { root, scratch, tandem } from './streamed-command.ts';

/** Makes a data directory in the scratch directory, `data`. */
export async function makeData(): Promise<void> {
  const serve = await startServer('>/dev/null 2>&1', `--store sqlite --data-dir ${scratch}/data`);
  expect(await serve.stop()).toEqual([0, null]);
}

/** Starts a server that cannot say where it listens, and waits until it answers a client. */
export async function startServer(redirections: string, options: string) {
  const line = `${tandem} serve --transport socket --socket-port 0 ${options}`;
  const child = spawn('bash', ['-c', `exec ${process.execPath} ${line} ${redirections}`], {
    cwd: root,
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const { pid = 0 } = child;
  while (!(await greets(portOf(pid)))) expect(child.exitCode).toBeNull();
  return {
    pid,
    port: portOf(pid),
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** Returns the port on which a process listens, as the system knows it; 0 when it does not yet. */
function portOf(pid: number): number {
  const fds = `/proc/${pid}/fd`;
  const open = new Set(
    readdirSync(fds).flatMap((fd) => {
      try {
        return [readlinkSync(join(fds, fd))];
      } catch {
        // It is closed by now.
        return [];
      }
    }),
  );
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const isListening = state === '0A' && open.has(`socket:[${inode}]`);
    if (isListening) return Number.parseInt(local.split(':')[1] ?? '', 16);
  }
  return 0;
}

/** Says whether a server of the framed dialect answers there. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.of(0x81)));
    socket.on('data', ([first]) => {
      socket.destroy();
      resolve(first === 0x81);
    });
    socket.on('error', () => setTimeout(resolve, 20, false));
  });
}
