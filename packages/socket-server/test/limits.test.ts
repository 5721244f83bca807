import { describe, expect, it } from 'vitest';
import { startStage, stopClock } from './fixture.ts';
import { RawClient } from './raw-client.ts';

describe('a server at its connection limit', () => {
  it('answers 123 to a framed client, behind its version, and closes', async () => {
    const stage = await startStage({ limits: { connectionsMax: 1 } });
    await stage.framed();
    const refused = await stage.stranger();
    refused.say('\x81\x01\x00\x05alice');
    expect(await refused.hearToEnd()).toBe('\x81\x7b');
    await refused.leave();
    expect(stage.service.accountCount).toBe(0);
  });

  it('answers 127 to a seed client, and closes', async () => {
    const stage = await startStage({ limits: { connectionsMax: 1 } });
    await stage.framed();
    const refused = await stage.stranger();
    refused.say('\x01alice');
    expect(await refused.hearToEnd()).toBe('\x7f');
    await refused.leave();
  });

  it('does not wait for ever for the first byte of a client', async () => {
    const stage = await startStage({ limits: { connectionsMax: 1 } });
    await stage.framed();
    const silent = await stage.stranger();
    expect(await silent.hearToEnd()).toBe('');
  });

  it('closes when a client that it refuses leaves without a byte', async () => {
    const stage = await startStage({ limits: { connectionsMax: 1 } });
    await stage.framed();
    const gone = await stage.stranger();
    gone.end();
    expect(await gone.hearToEnd()).toBe('');
    await gone.closed;
  });

  it('goes on serving whom it has, and takes another once one has left', async () => {
    const stage = await startStage({ limits: { connectionsMax: 2 } });
    const first = await stage.framed();
    const second = await stage.framed();
    const refused = await stage.stranger();
    refused.say('\x81');
    expect(await refused.hearToEnd()).toBe('\x81\x7b');
    expect(await first.ask('\x03\x00\x01z', 1)).toBe('\x11');
    await second.leave();
    await stage.untilConnections(1);
    const third = await stage.framed();
    expect(await third.ask('\x03\x00\x01z', 1)).toBe('\x11');
  });

  it('tells a hundred so at once, and gives up the one that it has told longest for one more', async () => {
    const stage = await startStage({ limits: { connectionsMax: 1 } });
    await stage.framed();
    const waiting: RawClient[] = [];
    for (let i = 0; i < 101; i++) waiting.push(await stage.stranger());
    expect(await waiting.shift()?.hearToEnd()).toBe('');
    for (const client of waiting) client.say('\x81');
    for (const client of waiting) expect(await client.hearToEnd()).toBe('\x81\x7b');
  });

  it('takes a client of another address in place of one of an address that has more', async () => {
    const stage = await startStage({ limits: { connectionsMax: 3 }, host: '::', users: ['alice'] });
    const alice = await stage.framedAs('alice');
    const idle = [await stage.framed(), await stage.framed()];
    const elsewhere = await RawClient.connect(stage.server.port, '::1');
    stage.clients.push(elsewhere);
    expect(await elsewhere.ask('\x81\x03\x00\x01z', 2)).toBe('\x81\x11');
    expect(await idle[0]?.hearToEnd()).toBe('');
    expect(await idle[1]?.ask('\x03\x00\x01z', 1)).toBe('\x11');
    expect(await alice.ask('\x03\x00\x01z', 1)).toBe('\x11');
    await stage.untilConnections(3);
    const refused = await stage.stranger();
    refused.say('\x81');
    expect(await refused.hearToEnd()).toBe('\x81\x7b');
  });
});

describe('a limit of connections from one address', () => {
  it('refuses one more, does not touch other addresses, and has the place again', async () => {
    const stage = await startStage({ limits: { connectionsPerAddressMax: 1 }, host: '::' });
    const first = await stage.framed();
    const refused = await stage.stranger();
    refused.say('\x81');
    expect(await refused.hearToEnd()).toBe('\x81\x7b');
    const elsewhere = await RawClient.connect(stage.server.port, '::1');
    stage.clients.push(elsewhere);
    expect(await elsewhere.ask('\x81\x03\x00\x01z', 2)).toBe('\x81\x11');
    await first.leave();
    await stage.untilConnections(1);
    expect(await (await stage.framed()).ask('\x03\x00\x01z', 1)).toBe('\x11');
  });
});

describe('a client that says nothing before it logs in', () => {
  const idleBeforeLoginMs = 60_000;

  it('is closed without a word, whether it said its version or nothing at all', async () => {
    const passTime = stopClock();
    const stage = await startStage({ limits: { idleBeforeLoginMs } });
    const silent = await stage.stranger();
    const framed = await stage.framed();
    passTime(idleBeforeLoginMs);
    expect(await silent.hearToEnd()).toBe('');
    expect(await framed.hearToEnd()).toBe('');
    await stage.untilConnections(0);
  });

  it('is closed after a logout too, but not while it is logged in', async () => {
    const passTime = stopClock();
    const stage = await startStage({ limits: { idleBeforeLoginMs }, users: ['alice', 'bob'] });
    const alice = await stage.framedAs('alice');
    const bob = await stage.framedAs('bob');
    const idle = await stage.stranger();
    await stage.untilConnections(3);
    passTime(idleBeforeLoginMs);
    expect(await idle.hearToEnd()).toBe('');
    expect(await alice.ask('\x03\x00\x01z', 1)).toBe('\x11');
    expect(await bob.ask('\x05\x00\x03bob', 1)).toBe('\x28');
    passTime(idleBeforeLoginMs);
    expect(await bob.hearToEnd()).toBe('');
    expect(await alice.ask('\x03\x00\x01z', 1)).toBe('\x11');
  });
});
