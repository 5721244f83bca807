import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Stage, startStage } from './fixture.ts';

const script = fileURLToPath(new URL('fixtures/logged-in.ts', import.meta.url));

/** A process in which alice is logged in, with two messages that it has not acknowledged. */
async function aliceIn(stage: Stage, kind: string): Promise<ChildProcess> {
  await stage.fillMailbox('alice', ['1', '2']);
  const child = spawn(process.execPath, [script, `${stage.server.port}`, kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  expect(stage.isFree('alice')).toBe(false);
  return child;
}

for (const kind of ['login', 'subscribe', 'converse']) {
  describe(`a client that goes without a goodbye (${kind})`, () => {
    it('leaves its user free, and what it has not acknowledged unread, when it is killed', async () => {
      const limits = { subscribeWithinMs: 3_600_000 };
      const stage = await startStage({ users: ['alice'], limits });
      const child = await aliceIn(stage, kind);
      child.kill('SIGKILL');
      expect(await stage.unread('alice')).toEqual(['1', '2']);
    });

    it('does so when it is frozen, its connection up', async () => {
      const stage = await startStage({
        users: ['alice'],
        // A client that starts on a busy machine answers in less time.
        limits: { keepAliveMs: 100, keepAliveTimeoutMs: 2_000, subscribeWithinMs: 3_600_000 },
      });
      const child = await aliceIn(stage, kind);
      child.kill('SIGSTOP');
      expect(await stage.unread('alice')).toEqual(['1', '2']);
    });
  });
}

it('keeps a session whose client is silent but there', async () => {
  const stage = await startStage({
    users: ['alice'],
    limits: { keepAliveMs: 20, keepAliveTimeoutMs: 5_000 },
  });
  const { subscription } = await stage.client().enter('alice');
  await new Promise((resolve) => setTimeout(resolve, 200));
  await stage.fillMailbox('alice', ['1']);
  expect(await subscription.take(1)).toHaveLength(1);
});
