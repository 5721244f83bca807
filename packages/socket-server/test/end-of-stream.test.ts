import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { frame, startStage } from './fixture.ts';

describe("the end of a client's stream", () => {
  it('before the first byte closes the connection without a word', async () => {
    const stage = await startStage();
    const client = await stage.stranger();
    client.end();
    expect(await client.hearToEnd()).toBe('');
    await client.closed;
  });

  it('between frames is a goodbye: everything asked before is answered', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store });
    const client = await stage.stranger();
    const held = store.hold('addAccount');
    const names = Array.from({ length: 3_000 }, (_, i) => `u${i}`);
    client.end(`\x81${names.map((name) => frame(1, name)).join('')}`);
    await held;
    store.release('addAccount');
    expect(await client.hearToEnd()).toBe(`\x81${'\x01'.repeat(names.length)}`);
    await client.closed;
    expect(stage.service.accountCount).toBe(names.length);
  });

  it('behind a login still lets the unread messages through, and ends the session', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', ['hi']);
    const alice = await stage.framed();
    alice.end('\x02\x00\x05alice');
    expect(await alice.hearToEnd()).toBe('\x09\x00\x06bob|hi');
    expect(await stage.untilFree('alice')).toBe(9);
  });

  it('inside a frame closes too; what was asked before is carried out', async () => {
    const stage = await startStage({ users: ['alice'] });
    for (const half of ['\x01', '\x01\x00', '\x01\x00\x03bo']) {
      const client = await stage.framedAs('alice');
      client.end(`\x01\x00\x03zoe${half}`);
      await client.hearToEnd();
      await client.closed;
      expect(stage.service.accountCount).toBe(2);
      await stage.untilConnections(0);
    }
  });

  it('in the seed dialect is a goodbye, an op without text included', async () => {
    const stage = await startStage();
    const client = await stage.stranger();
    expect(await client.ask('\x01alice', 1)).toBe('\x01');
    client.end('\x00\x01');
    expect(await client.hearToEnd()).toBe('\x7e');
    await client.closed;
  });

  it("is answered by the server's own at once, not after the wait for a client that stays", async () => {
    const stage = await startStage({ users: ['alice'] });
    const alice = await stage.framedAs('alice');
    alice.end();
    expect(await alice.hearToEnd()).toBe('');
    await alice.closed;
    await stage.untilConnections(0);
    expect(await (await stage.framed()).ask('\x02\x00\x05alice', 1)).toBe('\x08');
  });
});

describe('a client that is gone', () => {
  it('leaves its session when it resets the connection', async () => {
    const stage = await startStage({ users: ['alice'] });
    const alice = await stage.framedAs('alice');
    alice.reset();
    expect(await stage.untilFree('alice')).toBe(8);
    await stage.untilConnections(1);
  });

  it('leaves its session when it resets in the middle of a request', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    const alice = await stage.framedAs('alice');
    const held = store.hold('addMessage');
    alice.say('\x04\x00\x0calice|bob|hi\x04\x00\x0calice|bo');
    await held;
    alice.reset();
    expect(await stage.untilFree('alice')).toBe(8);
    store.release('addMessage');
    const bob = await stage.framed();
    expect(await bob.ask('\x02\x00\x03bob', 11)).toBe('\x09\x00\x08alice|hi');
  });

  it('leaves nothing behind when it never said a byte', async () => {
    const stage = await startStage();
    const clients = await Promise.all(Array.from({ length: 50 }, () => stage.stranger()));
    await stage.untilConnections(50);
    for (const client of clients) client.reset();
    await stage.untilConnections(0);
  });
});
