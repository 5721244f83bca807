import { MemoryStore } from '@tandem/chat';
import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { startStage } from './fixture.ts';

describe('the seed dialect', () => {
  it('answers every operation', async () => {
    const stage = await startStage();
    const alice = await stage.stranger();
    const bob = await stage.stranger();
    expect(await alice.ask('\x01alice', 1)).toBe('\x01');
    expect(await bob.ask('\x01bob', 1)).toBe('\x01');
    expect(await alice.ask('\x02alice', 1)).toBe('\x08');
    expect(await alice.ask('\x03*', 12)).toBe('\x10\x00\x02alice|bob');
    expect(await alice.ask('\x03z', 1)).toBe('\x11');
    expect(await alice.ask('\x04alice|bob|hi', 1)).toBe('\x19');
    expect(await alice.ask('\x04alice|bob|yo', 1)).toBe('\x19');
    expect(await bob.ask('\x02bob', 20)).toBe('\x09\x00\x02alice|hi\nalice|yo');
    expect(await alice.ask('\x04alice|bob|you', 1)).toBe('\x18');
    expect(await bob.hear(10)).toBe('\x20alice|you');
    expect(await alice.ask('\x04alice|zoe|hi', 1)).toBe('\x1a');
    expect(await alice.ask('\x05alice', 1)).toBe('\x28');
    expect(await bob.ask('\x06bob', 1)).toBe('\x30');
    expect(await alice.ask('\x01alice', 1)).toBe('\x02');
    expect(await alice.ask('\x02bob', 1)).toBe('\x0a');
  });

  it('says 127 for what the program of 2023 had no status for, and 27 for a full mailbox', async () => {
    const stage = await startStage({
      users: ['alice', 'bob'],
      chatLimits: { mailboxMessagesMax: 1 },
    });
    const alice = await stage.stranger();
    expect(await alice.ask('\x04alice|bob|hi', 1)).toBe('\x7f');
    expect(await alice.ask('\x01not valid', 1)).toBe('\x7f');
    expect(await alice.ask('\x02alice', 1)).toBe('\x08');
    expect(await alice.ask('\x02alice', 1)).toBe('\x7f');
    expect(await alice.ask('\x04bob|alice|hi', 1)).toBe('\x7f');
    expect(await alice.ask('\x04alice|bob|   ', 1)).toBe('\x7f');
    expect(await alice.ask('\x04alice|bob|hi', 1)).toBe('\x19');
    expect(await alice.ask('\x04alice|bob|hi', 1)).toBe('\x1b');
    const other = await stage.stranger();
    expect(await other.ask('\x02alice', 1)).toBe('\x0b');
  });

  it('answers a message to oneself by its 32 alone', async () => {
    const stage = await startStage({ users: ['alice'] });
    const alice = await stage.seedAs('alice');
    alice.say('\x04alice|alice|hi');
    expect(await alice.hear(9)).toBe('\x20alice|hi');
    expect(await alice.ask('\x03z', 1)).toBe('\x11');
  });

  it('answers the four zeros of a Ctrl-C in 2023 with 126 each, and the logout behind them', async () => {
    const stage = await startStage({ users: ['alice'] });
    const alice = await stage.seedAs('alice');
    expect(await alice.ask('\x00\x00\x00\x00\x05alice', 5)).toBe('\x7e\x7e\x7e\x7e\x28');
  });

  it('answers 126 to 7, to 8 and to every other byte, without text', async () => {
    const stage = await startStage();
    const client = await stage.stranger();
    expect(await client.ask('\x07\x08\x09\x7f\xff', 5)).toBe('\x7e\x7e\x7e\x7e\x7e');
  });

  it('takes the text from the next read when only the op has come', async () => {
    const stage = await startStage();
    const client = await stage.stranger();
    // The 126 tells that the op has been read by itself.
    expect(await client.ask('\x00\x01', 1)).toBe('\x7e');
    expect(await client.ask('alice', 1)).toBe('\x01');
    expect(await client.ask('\x03*', 8)).toBe('\x10\x00\x01alice');
  });

  it('takes what is beyond 50 bytes of text for the next request', async () => {
    const stage = await startStage();
    const client = await stage.stranger();
    const name = 'n'.repeat(50);
    expect(await client.ask(`\x01${name}\x03n*`, 54)).toBe(`\x01\x10\x00\x01${name}`);
  });

  it('answers two requests of one read as the one that the text makes of them', async () => {
    const stage = await startStage();
    const client = await stage.stranger();
    expect(await client.ask('\x01alice\x01bob', 1)).toBe('\x7f');
    expect(stage.service.accountCount).toBe(0);
  });

  it('takes a message for taken once the kernel has accepted it', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', ['1', '2']);
    const alice = await stage.stranger();
    expect(await alice.ask('\x02alice', 14)).toBe('\x09\x00\x02bob|1\nbob|2');
    const bob = await stage.seedAs('bob');
    expect(await bob.ask('\x04bob|alice|3', 1)).toBe('\x18');
    expect(await alice.hear(6)).toBe('\x20bob|3');
    expect(await alice.ask('\x05alice', 1)).toBe('\x28');
    expect(await alice.ask('\x02alice', 1)).toBe('\x08');
  });

  it('counts what was taken anew in each session of a connection', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const alice = await stage.stranger();
    for (const round of ['1', '2', '3']) {
      await stage.fillMailbox('alice', [round, round]);
      const answer = `\x09\x00\x02bob|${round}\nbob|${round}`;
      expect(await alice.ask('\x02alice', answer.length)).toBe(answer);
      expect(await alice.ask('\x05alice', 1)).toBe('\x28');
    }
    expect(await alice.ask('\x02alice', 1)).toBe('\x08');
  });

  it('has no window: more than 256 messages reach a client that acknowledges none', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const alice = await stage.seedAs('alice');
    await stage.fillMailbox(
      'alice',
      Array.from({ length: 1_000 }, () => 'x'),
    );
    expect(await alice.hear(6_000)).toBe('\x20bob|x'.repeat(1_000));
  });

  it('keeps a message unread whose connection died before it was accepted', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', ['1', '2']);
    const held = store.hold('readMessages');
    const alice = await stage.stranger();
    alice.say('\x02alice');
    await held;
    alice.reset();
    await stage.untilConnections(0);
    store.release('readMessages');
    const again = await stage.stranger();
    expect(await again.ask('\x02alice', 14)).toBe('\x09\x00\x02bob|1\nbob|2');
  });

  it('keeps unread what a client that does not read has no room for', async () => {
    const bodies = Array.from({ length: 60_000 }, (_, i) => `${i}`.padEnd(262, 'x'));
    const store = new MemoryStore();
    const stage = await startStage({
      store,
      users: ['alice', 'bob'],
      chatLimits: { mailboxMessagesMax: 65_535 },
    });
    await stage.fillMailbox('alice', bodies);
    const alice = await stage.stranger();
    alice.socket.pause();
    alice.say('\x02alice');
    // The list is far longer than the kernel's buffers, so most of it waits in the mailbox.
    const left = await stage.untilSteady(async () => {
      return (await store.readMessages('alice', 0, bodies.length)).length;
    });
    expect(left).toBeGreaterThan(1_000);
    expect(left).toBeLessThan(bodies.length);
    alice.reset();
    const again = await stage.client();
    let login = await again.login('alice');
    while (login.status === 11) login = await again.login('alice');
    expect(login).toEqual({ status: 9, unread: left });
    const first = await again.messages.next();
    expect(first.value?.body).toBe(bodies[bodies.length - left]);
  });
});
