import { expect, it, vi } from 'vitest';
import { serveCommand } from './serve-command.ts';

it.each([
  [
    ['--store', 'memory', '--data-dir', 'x', '--data-bytes-max', '70000'],
    ['--data-dir', '--data-bytes-max'],
  ],
  [['--transport', 'grpc', '--socket-port', '1'], ['--socket-port']],
  [
    ['--transport', 'socket', '--grpc-port', '1', '--grpc-calls-max=9'],
    ['--grpc-port', '--grpc-calls-max'],
  ],
  [['--store', 'sqlite', '--data-dir', 'x', '--grpc-port', '1'], []],
])('tells which of %j have no effect', async (line, expected) => {
  vi.stubEnv('TANDEM_GRPC_CALLS_MAX', '7');
  const action = vi.fn(async () => {});
  await serveCommand(action).parseAsync(line, { from: 'user' });
  vi.unstubAllEnvs();
  expect(action).toHaveBeenCalledWith(expect.objectContaining({ withoutEffect: expected }));
});
