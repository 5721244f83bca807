// In JavaScript, which alone runs before a cache of compiled code is open.
import { availableParallelism } from 'node:os';

/** The threads of V8 beside the event loop, by default. */
const threadsMax = 4;

const least = '--min-semi-space-size';
const most = '--max-semi-space-size';
const old = '--initial-old-space-size';
const growth = '--heap-growing-percent';
const marking = '--incremental-marking-hard-trigger';

/**
 * Options of Node.js for a process that serves strangers, before its file.
 *
 * V8 has a young generation of 1 MB at first, and again after each quiet time. It grows only when more
 * survives a collection than it holds. So at the beginning of a flood, collections are many, most of what
 * is under way survives them, and everybody waits for the copies. From 8 MB on, little survives. The more the
 * generation holds, the more is copied at once, while nothing else happens. By default V8 takes up to 64 MB and as
 * much again for copies, in the very moment in which the server has no time.
 *
 * V8 collects the old generation when that reaches a limit, which V8 guesses from what survived the first
 * collections of the young one: little more than a quiet server has. So it would collect in each flood, beside the
 * event loop and, at the end, in its place. Each collection sets the limit anew, by default to up to four times of
 * what lives. The texts of headers are garbage outside the heap until then, and their memory is not returned to the
 * system. So the limit is one and a half times. V8 frees these texts at the end of a collection in one piece, while
 * nothing else happens. So it begins one when 15% of the way to the limit is gone.
 *
 * V8 collects and compiles on four threads beside the event loop, however few cores there are. On one core
 * they leave it a fifth of the time.
 *
 * @param {number} cores those that the process may use
 */
export function serverOptions(cores = availableParallelism()) {
  const threads = Math.min(threadsMax, Math.max(1, cores - 1));
  return [
    `${least}=8`,
    `${most}=8`,
    `${old}=64`,
    `${growth}=50`,
    `${marking}=15`,
    `--v8-pool-size=${threads}`,
  ];
}

/**
 * Starts this process anew with those of the {@link serverOptions} that it was not given, since Node.js
 * takes them at its start alone. It keeps its number, its environment and its standard streams; Node.js
 * closes other open files. It goes on as it is where none is missing, where the system cannot do that, and
 * where a parent sends messages, which only this process can receive.
 */
export function restartAsServer() {
  const { argv, channel, env, execArgv, execPath, execve, platform } = process;
  const given = [...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/)];
  const gives = (/** @type {string} */ name) => given.some((option) => option.startsWith(name));
  const missing = serverOptions().filter((option) => {
    const [name = ''] = option.split('=');
    // The most is not for another least, which it would lower.
    return !gives(name) && !(name === most && gives(least));
  });
  if (missing.length === 0 || platform === 'win32' || channel) return;
  execve.call(process, execPath, [execPath, ...missing, ...execArgv, ...argv.slice(1)], env);
}
