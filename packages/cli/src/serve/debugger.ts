import { close, url } from 'node:inspector';

/**
 * Closes the debugger that a SIGUSR1 has opened while Node.js had not read this program yet: any user of
 * the machine could run code with it. One that was asked for (`--inspect`) stays.
 */
export function closeDebugger(): void {
  const { env, execArgv } = process;
  if ([...execArgv, env.NODE_OPTIONS ?? ''].some((each) => each.includes('--inspect'))) return;
  closeOpen();
  // Node.js opens it as soon as code runs, and again in the first turn of the event loop.
  setImmediate(closeOpen);
}

function closeOpen(): void {
  if (url() !== undefined) close();
}
