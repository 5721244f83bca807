import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { startStage } from './fixture.ts';

/** alice, logged in; three messages came with the login, none is acknowledged. */
async function aliceWithThree() {
  const stage = await startStage({ users: ['alice', 'bob'] });
  await stage.fillMailbox('alice', ['1', '2', '3']);
  const alice = await stage.framed();
  const answer = await alice.ask('\x02\x00\x05alice', 20);
  expect(answer).toBe('\x09\x00\x11bob|1\nbob|2\nbob|3');
  return { stage, alice };
}

describe('an acknowledgement', () => {
  it('makes the server forget what it counts, and nothing more', async () => {
    const { stage, alice } = await aliceWithThree();
    expect(await alice.ask('\x08\x00\x012\x05\x00\x05alice', 1)).toBe('\x28');
    expect(await alice.ask('\x02\x00\x05alice', 8)).toBe('\x09\x00\x05bob|3');
    expect(stage.server.connectionCount).toBe(1);
  });

  it('changes nothing when it counts less than one before', async () => {
    const { alice } = await aliceWithThree();
    alice.say('\x08\x00\x013\x08\x00\x011\x08\x00\x010\x08\x00\x03002');
    expect(await alice.ask('\x05\x00\x05alice\x02\x00\x05alice', 2)).toBe('\x28\x08');
  });

  it('counts pushed messages behind those of the login', async () => {
    const { stage, alice } = await aliceWithThree();
    const bob = await stage.framedAs('bob');
    expect(await bob.ask('\x04\x00\x0bbob|alice|4', 1)).toBe('\x18');
    expect(await alice.hear(8)).toBe('\x20\x00\x05bob|4');
    expect(await alice.ask('\x08\x00\x014\x05\x00\x05alice\x02\x00\x05alice', 2)).toBe('\x28\x08');
  });

  it('is confirmed by the response to a later request, which waits for it', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', ['1']);
    const alice = await stage.framed();
    await alice.ask('\x02\x00\x05alice', 8);
    const held = store.hold('removeMessages');
    alice.say('\x08\x00\x011\x03\x00\x01z');
    await held;
    const other = await stage.framed();
    await other.ask('\x48\x00\x00', 1);
    expect(alice.socket.bytesRead).toBe(9);
    store.release('removeMessages');
    expect(await alice.hear(1)).toBe('\x11');
  });

  it('that cannot be made durable makes later responses 127, also once the logout has ended the session', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', ['1']);
    const alice = await stage.framed();
    await alice.ask('\x02\x00\x05alice', 8);
    store.fail('removeMessages');
    expect(await alice.ask('\x08\x00\x011\x03\x00\x01z\x05\x00\x05alice', 2)).toBe('\x7f\x7f');
    expect(await alice.ask('\x03\x00\x01z', 1)).toBe('\x7f');
    store.release('removeMessages');
    expect(await alice.ask('\x03\x00\x01z\x05\x00\x05alice', 2)).toBe('\x11\x78');
  });

  for (const [what, acknowledgement] of [
    ['counts more than was sent', '\x08\x00\x014'],
    ['is empty', '\x08\x00\x00'],
    ['is no number', '\x08\x00\x01x'],
    ['has a sign', '\x08\x00\x02-1'],
    ['has a blank', '\x08\x00\x02 1'],
    ['has a point', '\x08\x00\x031.0'],
    ['is beyond 2 to the 53rd', '\x08\x00\x109007199254740993'],
  ] as const) {
    it(`ends the connection and the session with 126 when it ${what}`, async () => {
      const { stage, alice } = await aliceWithThree();
      alice.say(`\x03\x00\x01z${acknowledgement}\x05\x00\x05alice`);
      expect(await alice.hearToEnd()).toBe('\x11\x7e');
      const { status, unread } = await loginAgain(stage);
      expect({ status, unread }).toEqual({ status: 9, unread: 3 });
    });
  }

  it('is ignored outside a session, whatever it says', async () => {
    const stage = await startStage({ users: ['alice'] });
    const client = await stage.framed();
    client.say('\x08\x00\x011\x08\x00\x01x\x08\x00\x00\x08\x00\x109999999999999999');
    expect(await client.ask('\x03\x00\x01z', 1)).toBe('\x11');
    await client.ask('\x02\x00\x05alice\x05\x00\x05alice', 2);
    expect(await client.ask('\x08\x00\x015\x03\x00\x01z', 1)).toBe('\x11');
  });
});

async function loginAgain(stage: Awaited<ReturnType<typeof startStage>>) {
  const client = await stage.client();
  for (;;) {
    const login = await client.login('alice');
    if (login.status === 11) continue;
    return { status: login.status, unread: 'unread' in login ? login.unread : undefined };
  }
}
