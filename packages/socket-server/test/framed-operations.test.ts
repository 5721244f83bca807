import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { frame, startStage } from './fixture.ts';

const longBody = 'x'.repeat(262);

describe('the framed dialect', () => {
  it('answers every operation', async () => {
    const stage = await startStage();
    const alice = await stage.framed();
    const bob = await stage.framed();
    expect(await alice.ask('\x01\x00\x05alice', 1)).toBe('\x01');
    expect(await bob.ask('\x01\x00\x03bob', 1)).toBe('\x01');
    expect(await alice.ask('\x02\x00\x05alice', 1)).toBe('\x08');
    expect(await alice.ask('\x03\x00\x00', 12)).toBe('\x10\x00\x09alice|bob');
    expect(await alice.ask('\x03\x00\x02a*', 8)).toBe('\x10\x00\x05alice');
    expect(await alice.ask('\x03\x00\x01z', 1)).toBe('\x11');
    expect(await alice.ask('\x04\x00\x0calice|bob|hi', 1)).toBe('\x19');
    expect(await bob.ask('\x02\x00\x03bob', 11)).toBe('\x09\x00\x08alice|hi');
    expect(await alice.ask('\x04\x00\x0calice|bob|yo', 1)).toBe('\x18');
    expect(await bob.hear(11)).toBe('\x20\x00\x08alice|yo');
    expect(await alice.ask('\x05\x00\x05alice', 1)).toBe('\x28');
    expect(await bob.ask('\x06\x00\x03bob', 1)).toBe('\x30');
  });

  it('answers 2 to a username that is taken', async () => {
    const stage = await startStage({ users: ['alice'] });
    const client = await stage.framed();
    expect(await client.ask('\x01\x00\x05alice', 1)).toBe('\x02');
  });

  it('refuses a login with 121, 122, 10 or 11', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const alice = await stage.framedAs('alice');
    expect(await alice.ask('\x02\x00\x03bob', 1)).toBe('\x79');
    expect(await alice.ask('\x02\x00\x01!', 1)).toBe('\x79');
    const other = await stage.framed();
    expect(await other.ask('\x02\x00\x01!', 1)).toBe('\x7a');
    expect(await other.ask('\x02\x00\x00', 1)).toBe('\x7a');
    expect(await other.ask('\x02\x00\x03zoe', 1)).toBe('\x0a');
    expect(await other.ask('\x02\x00\x05alice', 1)).toBe('\x0b');
  });

  it('refuses a send with 120, 122, 26 or 28, in that order', async () => {
    const stage = await startStage({
      users: ['alice', 'bob'],
      chatLimits: { mailboxMessagesMax: 1 },
    });
    const alice = await stage.framed();
    expect(await alice.ask('\x04\x00\x0calice|bob|hi', 1)).toBe('\x78');
    await alice.ask('\x02\x00\x05alice', 1);
    expect(await alice.ask('\x04\x00\x0cbobby|bob|hi', 1)).toBe('\x78');
    expect(await alice.ask('\x04\x00\x05bobby', 1)).toBe('\x78');
    expect(await alice.ask('\x04\x00\x00', 1)).toBe('\x78');
    expect(await alice.ask('\x04\x00\x05alice', 1)).toBe('\x7a');
    expect(await alice.ask('\x04\x00\x09alice|bob', 1)).toBe('\x7a');
    expect(await alice.ask('\x04\x00\x0aalice|bob|', 1)).toBe('\x7a');
    expect(await alice.ask('\x04\x00\x0dalice|bob|   ', 1)).toBe('\x7a');
    expect(await alice.ask('\x04\x00\x0dalice|bob|a|b', 1)).toBe('\x7a');
    expect(await alice.ask('\x04\x00\x0calice|bob|\x1bc', 1)).toBe('\x7a');
    expect(await alice.ask('\x04\x00\x0calice|b!b|hi', 1)).toBe('\x7a');
    expect(await alice.ask(frame(4, `alice|bob|${longBody}x`), 1)).toBe('\x7a');
    expect(await alice.ask('\x04\x00\x0calice|zoe|hi', 1)).toBe('\x1a');
    expect(await alice.ask(frame(4, `alice|bob|${longBody}`), 1)).toBe('\x19');
    expect(await alice.ask('\x04\x00\x0calice|bob|hi', 1)).toBe('\x1c');
  });

  it('refuses a logout and a delete with 120 for anyone but the user of the session', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const stranger = await stage.framed();
    expect(await stranger.ask('\x05\x00\x05alice', 1)).toBe('\x78');
    expect(await stranger.ask('\x06\x00\x05alice', 1)).toBe('\x78');
    const alice = await stage.framedAs('alice');
    expect(await alice.ask('\x05\x00\x03bob', 1)).toBe('\x78');
    expect(await alice.ask('\x06\x00\x03bob', 1)).toBe('\x78');
    expect(await alice.ask('\x06\x00\x01!', 1)).toBe('\x78');
  });

  it('refuses a register and a search that are not valid with 122', async () => {
    const stage = await startStage();
    const client = await stage.framed();
    expect(await client.ask('\x01\x00\x00', 1)).toBe('\x7a');
    expect(await client.ask('\x01\x00\x04a\xe9b1', 1)).toBe('\x7a');
    expect(await client.ask('\x03\x00\x02a?', 1)).toBe('\x7a');
  });

  it('logs in again after a logout and after a delete', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const client = await stage.framedAs('alice');
    expect(await client.ask('\x05\x00\x05alice', 1)).toBe('\x28');
    expect(await client.ask('\x02\x00\x03bob', 1)).toBe('\x08');
    expect(await client.ask('\x06\x00\x03bob', 1)).toBe('\x30');
    expect(await client.ask('\x02\x00\x03bob', 1)).toBe('\x0a');
    expect(await client.ask('\x02\x00\x05alice', 1)).toBe('\x08');
  });

  it('pushes a message to oneself, and answers its send', async () => {
    const stage = await startStage({ users: ['alice'] });
    const alice = await stage.framedAs('alice');
    const heard = await alice.ask('\x04\x00\x0ealice|alice|hi', 12);
    expect(['\x20\x00\x08alice|hi\x18', '\x18\x20\x00\x08alice|hi']).toContain(heard);
  });

  it('answers 27 when the message cannot be kept, and 127 when the account cannot', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    const alice = await stage.framedAs('alice');
    store.fail('addMessage');
    expect(await alice.ask('\x04\x00\x0calice|bob|hi', 1)).toBe('\x1b');
    store.fail('addAccount');
    expect(await alice.ask('\x01\x00\x03zoe', 1)).toBe('\x7f');
    expect(await alice.ask('\x03\x00\x01z', 1)).toBe('\x11');
  });

  it('closes the connection when the unread messages cannot be read', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', ['hi']);
    store.fail('readMessages');
    const alice = await stage.framed();
    alice.say('\x02\x00\x05alice');
    expect(await alice.hearToEnd()).toBe('');
    store.release('readMessages');
    expect(await stage.untilFree('alice')).toBe(9);
  });

  it('closes the connection when the mailbox cannot be read behind the window', async () => {
    const store = new GatedStore();
    const chatLimits = { windowMessagesMax: 1 };
    const stage = await startStage({ store, chatLimits, users: ['alice', 'bob'] });
    const alice = await stage.framedAs('alice');
    await stage.fillMailbox('alice', ['1', '2']);
    expect(await alice.hear(8)).toBe('\x20\x00\x05bob|1');
    store.fail('readMessages');
    alice.say('\x08\x00\x011');
    expect(await alice.hearToEnd()).toBe('');
    store.release('readMessages');
    const again = await stage.framed();
    expect(await again.ask('\x02\x00\x05alice', 8)).toBe('\x09\x00\x05bob|2');
  });

  it('answers 126 to an operation that there is not, and goes on', async () => {
    const stage = await startStage();
    const client = await stage.framed();
    expect(await client.ask('\x07\x00\x02hi', 1)).toBe('\x7e');
    expect(await client.ask('\x00\x00\x00', 1)).toBe('\x7e');
    expect(await client.ask('\xff\x00\x00', 1)).toBe('\x7e');
    expect(await client.ask('\x03\x00\x01z', 1)).toBe('\x11');
  });
});
