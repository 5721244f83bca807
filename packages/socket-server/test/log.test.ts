import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { frame, type LogLine, type Stage, startStage, stopClock } from './fixture.ts';
import type { RawClient } from './raw-client.ts';

const debug = 20;
const info = 30;

function reasonOf([line]: LogLine[]): unknown {
  return line?.reason;
}

describe('the log, at debug', () => {
  it('has a line for the beginning and the end of each connection, with its address', async () => {
    const stage = await startStage({ logLevel: 'debug', users: ['alice'] });
    const alice = await stage.framedAs('alice');
    const { localPort } = alice.socket;
    await alice.leave();
    const closed = await stage.untilLogged('connection closed');
    const connection = { transport: 'socket', connection: `127.0.0.1:${localPort}`, level: debug };
    expect(stage.logged).toMatchObject([
      { ...connection, msg: 'connection opened' },
      { ...connection, msg: 'connection closed', reason: 'the client left', dialect: 'framed' },
    ]);
    expect(closed[0]).toMatchObject({ bytesRead: 9, bytesWritten: 2 });
  });

  const idleBeforeLoginMs = 60_000;
  const ends: [
    string,
    (client: RawClient, stage: Stage, passTime: ReturnType<typeof stopClock>) => unknown,
    RegExp,
  ][] = [
    ['leaves', (client) => client.end(), /^the client left$/],
    [
      'leaves in the middle',
      (client) => client.end('\x01\x00\x05al'),
      /inside a request, .*5 bytes/,
    ],
    ['resets', (client) => client.reset(), /^the client is gone: ECONNRESET$/],
    ['breaks the protocol', (client) => client.say('\x01\x00\x33'), /broke the protocol/],
    ['says nothing', (_client, _stage, pass) => pass(idleBeforeLoginMs), /^it said nothing$/],
    ['is there when the server stops', (_, stage) => stage.server.stop(), /^the server stops$/],
  ];
  it.each(ends)('says why it ends when a client %s', async (_, act, reason) => {
    const passTime = stopClock();
    const stage = await startStage({ logLevel: 'debug', limits: { idleBeforeLoginMs } });
    const client = await stage.framed();
    client.say('\x48\x00\x00');
    await client.hear(1);
    await act(client, stage, passTime);
    expect(reasonOf(await stage.untilLogged('connection closed'))).toMatch(reason);
    expect(stage.logged.filter(({ level }) => level >= info)).toEqual([]);
  });

  it.each([
    [frame(1, 'n'.repeat(51)), /operation 1 .* 51 bytes.* 50 \[P-6\.5\]/],
    ['\x02\x00\x05alice\x08\x00\x019', /9 messages.*\[P-5\.2\]/],
    ['\x02\x00\x05alice\x08\x00\x01x', /no count \[P-5\.2\]/],
  ])('says what was wrong when a client breaks the protocol: %j', async (bytes, reason) => {
    const stage = await startStage({ logLevel: 'debug', users: ['alice'] });
    const client = await stage.framed();
    client.say(bytes);
    expect(await client.hearToEnd()).toMatch(/\x7e$/);
    expect(reasonOf(await stage.untilLogged('client broke the protocol'))).toMatch(reason);
  });

  it.each([
    ['GET / HTTP/1.1\r\n\r\n', 'HTTP'],
    ['PRI * HTTP/2.0\r\n\r\n', /gRPC/],
    ['\x16\x03\x01\x02\x00', 'TLS'],
  ])('says so when a client speaks another protocol: %j', async (bytes, protocol) => {
    const stage = await startStage({ logLevel: 'debug' });
    const client = await stage.stranger();
    client.end(bytes);
    const [line] = await stage.untilLogged('client speaks another protocol');
    expect(line?.protocol).toEqual(
      typeof protocol === 'string' ? protocol : expect.stringMatching(protocol),
    );
  });

  it('tells of refused connections one by one, and at warn of all together', async () => {
    const stage = await startStage({ logLevel: 'debug', limits: { connectionsMax: 1 } });
    await stage.framed();
    for (let i = 0; i < 20; i++) {
      const refused = await stage.stranger();
      refused.say('\x81');
      await refused.hearToEnd();
    }
    await stage.untilLogged('connection refused', 20);
    expect(stage.logged.filter(({ level }) => level > info)).toMatchObject([{ serverFull: 1 }]);
    await stage.server.stop();
    expect(stage.logged.filter(({ level }) => level > info).slice(1)).toMatchObject([
      { serverFull: 19 },
    ]);
  });
});

describe('the log, at trace', () => {
  it('has each operation with its outcome, and nothing of what was said', async () => {
    const stage = await startStage({ logLevel: 'trace', users: ['alice', 'bob'] });
    const alice = await stage.framedAs('alice');
    for (const request of [
      frame(4, 'alice|bob|secret'),
      frame(3, 'secret*'),
      frame(1, 'secret!'),
      frame(4, 'bob|bob|secret'),
      frame(7 as never, 'secret'),
    ]) {
      await alice.ask(request, 1);
    }
    alice.say(frame(8, '0'));
    await alice.ask(frame(5, 'alice'), 1);
    const told = stage.logged.filter(({ msg }) => msg === 'answered');
    expect(told.map(({ operation, status, user }) => [operation, status, user])).toEqual([
      ['login', 8, 'alice'],
      ['send', 25, 'alice'],
      ['search', 17, 'alice'],
      ['register', 122, 'alice'],
      ['send', 120, 'alice'],
      ['unknown', 126, 'alice'],
      ['acknowledge', 56, 'alice'],
      ['logout', 40, 'alice'],
    ]);
    expect(JSON.stringify(stage.logged)).not.toContain('secret');
  });
});

describe('the log, whatever its level', () => {
  it('takes a client that goes in the middle of a long response for no error', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `${i}`.padEnd(50, 'n'));
    const stage = await startStage({ logLevel: 'debug', users: names });
    const clients = await Promise.all(Array.from({ length: 40 }, () => stage.framed()));
    for (const client of clients) client.say('\x03\x00\x00'.repeat(3));
    await Promise.all(clients.map((client) => client.hear(1)));
    for (const client of clients) client.reset();
    await stage.untilLogged('connection closed', 40);
    expect(stage.logged.filter(({ level }) => level > debug)).toEqual([]);
  });

  it('tells of mailboxes that cannot be read, many of them in few lines', async () => {
    const users = Array.from({ length: 20 }, (_, i) => `user${i}`);
    const store = new GatedStore();
    const stage = await startStage({ logLevel: 'info', store, users });
    for (const user of users) await stage.fillMailbox(user, ['hi'], 'user0');
    for (const user of users) {
      const client = await stage.framed();
      const held = store.hold('readMessages');
      client.say(frame(2, user));
      await held;
      store.fail('readMessages');
      await client.hearToEnd();
    }
    await stage.server.stop();
    expect(stage.logged).toMatchObject([
      { msg: 'a mailbox could not be read', times: 1 },
      { msg: 'a mailbox could not be read', times: 19 },
    ]);
  });
});
