import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A server of others that takes connections. */
export interface OtherProgram {
  readonly port: number;
  readonly pid: number;
  /** Kills it. Resolves when it is gone. May be called again. */
  end(): Promise<void>;
}

const host = '127.0.0.1';
const startsWithinMs = 20_000;
const tryAgainMs = 20;
const stderrCharsMax = 2_000;

/**
 * Starts a server of others, with its output to nowhere. It goes with this process. Resolves when it takes
 * connections.
 *
 * @param commandFor returns the program and its arguments, for a free port of the loopback
 * @throws Error when it does not start, with what it wrote to standard error
 */
export async function startOtherProgram(
  commandFor: (port: number) => readonly string[],
  directory?: string,
): Promise<OtherProgram> {
  const port = await freePort();
  const [file = '', ...rest] = commandFor(port);
  const child = spawn(file, rest, {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C is for the lab, which ends its children itself.
    detached: true,
  });
  const kill = () => child.kill('SIGKILL');
  // Before a directory of its data goes, which goes with this process, too.
  process.prependOnceListener('exit', kill);
  const over = whenOver(child).finally(() => process.off('exit', kill));
  const givenUp = new AbortController();
  try {
    await Promise.race([listens(port, givenUp.signal), over.then((why) => Promise.reject(why))]);
  } catch (error) {
    kill();
    throw error;
  } finally {
    givenUp.abort();
  }
  const end = async () => {
    kill();
    await over;
  };
  return { port, pid: child.pid ?? 0, end };
}

/** Resolves with the reason when a process is over, or could not be started. */
async function whenOver(child: ChildProcess): Promise<Error> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrCharsMax);
  });
  const [why] = await Promise.race([once(child, 'close'), once(child, 'error')]).catch((error) => [
    error,
  ]);
  const said = why instanceof Error ? why.message : stderr.trim();
  return new Error(`${child.spawnargs.join(' ')} ended early: ${said || 'it said nothing'}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Resolves once something takes connections there: such a server announces it only to a terminal. */
async function listens(port: number, givenUp: AbortSignal): Promise<void> {
  const until = performance.now() + startsWithinMs;
  for (;;) {
    const socket = connect(port, host);
    try {
      await once(socket, 'connect');
      return;
    } catch (cause) {
      if (givenUp.aborted) return;
      if (performance.now() > until) {
        throw new Error(`no server listens on port ${port} after 20 s`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, tryAgainMs));
    } finally {
      socket.destroy();
    }
  }
}
