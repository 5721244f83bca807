// In JavaScript, which alone runs before a cache of compiled code is open.

/**
 * Options of Node.js for a process that serves strangers, before its file.
 *
 * V8 has a young generation of 1 MB at first, and again after each quiet time. It grows only when more
 * survives a collection than it holds. So at the beginning of a flood, collections are many, most of what
 * is under way survives them, and everybody waits for the copies. From 16 MB on, little survives.
 */
export const serverOptions = ['--min-semi-space-size=16'];

/**
 * Starts this process anew with the options of {@link serverOptions}, since V8 takes them at its start
 * alone. It keeps its number, its environment and its standard streams; Node.js closes other open files.
 * It goes on as it is where it has the options, where the system cannot do that, and where a parent sends
 * messages, which only this process can receive.
 */
export function restartAsServer() {
  const { argv, channel, env, execArgv, execPath, execve, platform } = process;
  const hasAll = serverOptions.every((option) => execArgv.includes(option));
  if (hasAll || platform === 'win32' || channel) return;
  execve.call(process, execPath, [execPath, ...serverOptions, ...execArgv, ...argv.slice(1)], env);
}
