import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { startStage } from './fixture.ts';
import { FrameReader } from './frames.ts';

const bodies = Array.from({ length: 2_000 }, (_, i) => `${i}`.padEnd(200, '.'));

describe('a login to a long mailbox', () => {
  it('is answered with the mailbox as it was, and what others send meanwhile comes after', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', bodies);
    const bob = await stage.framedAs('bob');
    const held = store.hold('readMessages');
    const alice = await stage.framed();
    alice.say('\x02\x00\x05alice');
    await held;
    expect(await bob.ask('\x04\x00\x0cbob|alice|hi', 1)).toBe('\x18');
    store.release('readMessages');

    const reader = new FrameReader(alice);
    const pages = await reader.nextThrough(9);
    expect(new Set(pages.slice(0, -1).map(({ status }) => status))).toEqual(new Set([12]));
    const lines = pages.map(({ content }) => content).join('\n');
    expect(lines).toBe(bodies.map((body) => `bob|${body}`).join('\n'));
    alice.say('\x08\x00\x042000');
    expect(await reader.next()).toEqual({ status: 32, content: 'bob|hi' });
  });

  it('has no 32 before its 9, though the window has room', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', ['1']);
    const bob = await stage.framedAs('bob');
    const held = store.hold('readMessages');
    const alice = await stage.framed();
    alice.say('\x02\x00\x05alice');
    await held;
    expect(await bob.ask('\x04\x00\x0bbob|alice|2', 1)).toBe('\x18');
    expect(await bob.ask('\x03\x00\x01z', 1)).toBe('\x11');
    expect(alice.socket.bytesRead).toBe(1);
    store.release('readMessages');
    expect(await alice.hear(16)).toBe('\x09\x00\x05bob|1\x20\x00\x05bob|2');
  });

  it('has every message once, while others go on sending', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', bodies);
    const bob = await stage.client();
    await bob.login('bob');
    const alice = await stage.framed();
    let over = false;
    const sending = (async () => {
      let sent = 0;
      for (; !over; sent++) await bob.send('alice', `m${sent}`);
      return sent;
    })();
    alice.say('\x02\x00\x05alice');
    const reader = new FrameReader(alice);
    const pages = await reader.nextThrough(9, 32);
    over = true;
    const sent = await sending;
    const heard = pages.flatMap(({ content }) => content.split('\n'));
    alice.say(`\x08\x00\x04${heard.length}`);
    while (heard.length < bodies.length + sent) heard.push((await reader.next()).content);
    const all = [...bodies, ...Array.from({ length: sent }, (_, i) => `m${i}`)];
    expect(pages.at(-1)?.status).toBe(9);
    expect(heard).toEqual(all.map((body) => `bob|${body}`));
  });

  it('is followed by the responses to what was asked behind it', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', bodies);
    const alice = await stage.framed();
    alice.say(
      '\x02\x00\x05alice\x03\x00\x01z\x04\x00\x0calice|bob|hi\x08\x00\x042000\x05\x00\x05alice',
    );
    const frames = await new FrameReader(alice).nextThrough(40);
    expect(frames.map(({ status }) => status).filter((status) => status !== 12)).toEqual([
      9, 17, 25, 40,
    ]);
    const again = await stage.framed();
    expect(await again.ask('\x02\x00\x05alice', 1)).toBe('\x08');
  });

  it('frees the user when its client goes away in the middle of it', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', bodies);
    const held = store.hold('readMessages');
    const alice = await stage.framed();
    alice.say('\x02\x00\x05alice');
    await held;
    alice.reset();
    await stage.untilConnections(0);
    store.release('readMessages');
    const again = await stage.client();
    expect(await again.login('alice')).toEqual({ status: 9, unread: 2_000 });
  });
});
