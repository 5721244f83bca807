import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { RawSession } from '../hostile/raw-session.ts';

const script = fileURLToPath(new URL('../fixtures/serve.ts', import.meta.url));
const calls = 200;

// A call that stays takes some 4.5 KB. Two streams of Node.js stay, and what they cannot be rid of: some 1.9 KB.
const bytesOfCallMax = 3_000;

it('leaves little of calls that are over to a collection of the young generation', async () => {
  const server = fork(script, { execArgv: ['--expose-gc', '--min-semi-space-size=16'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  const ask = async (what: string) => {
    server.send(what);
    const [response] = await once(server, 'message');
    return response;
  };
  const [port] = await once(server, 'message');
  const raw = await RawSession.connect(port);
  const search = async (times: number) => {
    for (let i = 0; i < times; i++) await raw.call('Search', raw.query('alice'));
  };
  await search(calls);
  await ask('report');
  const before = await ask('survivors');
  await search(calls);
  const bytesOfCall = ((await ask('survivors')) - before) / calls;
  expect(bytesOfCall).toBeLessThan(bytesOfCallMax);
  expect(bytesOfCall).toBeGreaterThan(0);
});
