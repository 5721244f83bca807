import { expect, it } from 'vitest';
import { enter, send, startConversing } from './converse/conversing.ts';
import { type Stage, startStage } from './fixture.ts';

interface Line {
  readonly msg: string;
  readonly [field: string]: unknown;
}

function logOf(stage: Stage): Line[] {
  return stage.logged.map((line) => JSON.parse(line));
}

async function untilLogged(stage: Stage, msg: string): Promise<Line> {
  for (;;) {
    const line = logOf(stage).find((line) => line.msg === msg);
    if (line !== undefined) return line;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('has the beginning and end of a connection, of its Converse stream, and each operation', async () => {
  const { stage, client, stream } = await startConversing();
  await enter(stream);
  stream.say(send('bob', 'secret'));
  expect(await stream.statuses(1)).toEqual([25]);
  stream.say({ acknowledge: { count: 9 } });
  const ended = await untilLogged(stage, 'Converse closed');
  expect(ended.reason).toMatch(/broke the protocol: .* 9 messages.* \[P-5\.2\]/);
  client.close();
  const closed = await untilLogged(stage, 'connection closed');
  expect(closed).toMatchObject({ transport: 'grpc', reason: 'the client left' });
  expect(closed.connection).toMatch(/^127\.0\.0\.1:\d+$/);
  const operations = logOf(stage).filter(({ msg }) => msg === 'answered');
  expect(operations.map(({ operation, status, user }) => [operation, status, user])).toEqual([
    ['login', 8, 'alice'],
    ['send', 25, 'alice'],
    ['acknowledge', 126, 'alice'],
  ]);
  expect(stage.logged.join('')).not.toContain('secret');
});

it('has the beginning and end of a session of unary calls, and each operation', async () => {
  const stage = await startStage({ users: ['alice'] });
  const client = stage.client();
  const { token } = await client.login('alice', { acknowledges: true });
  await client.outcome('Search', { query: 'secret' });
  await client.outcome('Logout', { username: 'alice' }, token);
  expect(await untilLogged(stage, 'session began')).toMatchObject({ user: 'alice' });
  expect(await untilLogged(stage, 'session ended')).toMatchObject({ user: 'alice' });
  const operations = logOf(stage).filter(({ msg }) => msg === 'answered');
  expect(operations.map(({ operation, status }) => [operation, status])).toEqual([
    ['login', 8],
    ['search', 17],
    ['logout', 40],
  ]);
  expect(stage.logged.join('')).not.toContain('secret');
});
