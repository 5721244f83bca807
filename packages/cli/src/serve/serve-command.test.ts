import { expect, it, vi } from 'vitest';
import { serveCommand } from './serve-command.ts';

it.each([
  [['--socket-port', '5000', '--grpc-port', '5000'], false],
  [['--socket-port', '22068'], false],
  [['--socket-port', '0', '--grpc-port', '0'], true],
  [['--socket-port', '22068', '--transport', 'socket'], true],
])('takes %j: %s, as two transports cannot share a port', async (line, taken) => {
  const action = vi.fn(async () => {});
  const command = serveCommand(action)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  const parsed = command.parseAsync(line, { from: 'user' });
  if (taken) await parsed;
  else await expect(parsed).rejects.toThrow('each transport needs a port of its own');
  expect(action).toHaveBeenCalledTimes(taken ? 1 : 0);
});

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
