import { fileURLToPath } from 'node:url';
import { serverOptions } from '@tandem/command/server-options';
import { Program } from '@tandem/command/testing/program';

// With the options that it would take by starting anew, which takes a while.
const serve = [
  ...serverOptions(),
  fileURLToPath(new URL('../bin/tandem.js', import.meta.url)),
  'serve',
];

/** A process of `tandem serve`, without a terminal; it is gone after the test. By default, it serves sockets alone. */
export class ServeProgram extends Program {
  /**
   * @param under the command that starts it, as `prlimit` does; none by default
   * @param start the program, and its first arguments; `tandem serve` by default
   */
  constructor(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    under: readonly string[] = [],
    start: readonly string[] = serve,
  ) {
    // Tests run side by side: each takes a free port, leaves no data, and needs few open files. A server of sockets
    // alone starts in half of the time.
    const own = {
      TANDEM_STORE: 'memory',
      TANDEM_CONNECTIONS_MAX: '1000',
      ...(args.includes('--transport') ? {} : { TANDEM_TRANSPORT: 'socket' }),
      // Without gRPC, its port would be an option without effect.
      ...(args.includes('all') ? { TANDEM_GRPC_PORT: '0' } : {}),
    };
    super([...start, ...args], { ...own, ...env }, under);
  }

  /** Starts one on any free port, and waits until it says where it listens. */
  static async listening(
    args: readonly string[] = [],
    env?: NodeJS.ProcessEnv,
    under?: readonly string[],
    start?: readonly string[],
  ) {
    const program = new ServeProgram(['--socket-port', '0', ...args], env, under, start);
    await program.until(() => program.output.includes('stop with Ctrl-C\n'));
    return program;
  }

  /** Its log, a record a line. */
  get log(): { readonly level: string; readonly time: string; readonly msg: string }[] {
    return this.errorOutput
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** The port that it said it listens on. */
  get port(): number {
    return Number(/:(\d+)\n/.exec(this.output)?.[1]);
  }
}
