import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { RawSession } from '../hostile/raw-session.ts';

const script = fileURLToPath(new URL('../fixtures/serve.ts', import.meta.url));
const connections = 60;
const headerBytes = 7_900;

it.each(['x-filler', 'authorization', 'host', ':authority'])(
  'keeps no long header of calls whose message does not come: %s',
  async (name) => {
    const server = fork(script, { execArgv: ['--expose-gc'] });
    onTestFinished(() => void server.kill('SIGKILL'));
    const [port] = await once(server, 'message');
    const externalBytes = async (): Promise<number> => {
      server.send('report');
      const [report] = await once(server, 'message');
      return report.externalBytes;
    };
    const wait = async (count: number, value: string) => {
      for (let i = 0; i < count; i++) {
        const raw = await RawSession.connect(port);
        onTestFinished(() => raw.destroy());
        const call = raw.open('Login', { [name]: value });
        await raw.heard();
        expect(call.closed).toBe(false);
      }
    };
    await wait(connections, 'short');
    const before = await externalBytes();
    await wait(connections, 'v'.repeat(headerBytes));
    // The headers of all calls would be ten times as much.
    expect((await externalBytes()) - before).toBeLessThan((connections * headerBytes) / 10);
  },
);
