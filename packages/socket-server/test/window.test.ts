import { describe, expect, it } from 'vitest';
import { frame, startStage } from './fixture.ts';
import type { RawClient } from './raw-client.ts';

const search = '\x03\x00\x01z';
const nobody = '\x11';

async function aliceAndBob() {
  const stage = await startStage({ users: ['alice', 'bob'] });
  return { stage, alice: await stage.framedAs('alice'), bob: await stage.framedAs('bob') };
}

/** bob sends so many messages and is told each time that alice has a session. */
async function sendAll(bob: RawClient, bodies: readonly string[]): Promise<void> {
  const answers = await bob.ask(
    bodies.map((body) => frame(4, `bob|alice|${body}`)).join(''),
    bodies.length,
  );
  expect(answers).toBe('\x18'.repeat(bodies.length));
}

function pushes(bodies: readonly string[]): string {
  return bodies
    .map((body) => `\x20\x00${String.fromCharCode(4 + body.length)}bob|${body}`)
    .join('');
}

function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `m${from + i}`);
}

describe('the window', () => {
  it('lets 256 unacknowledged messages through, while their sender goes on getting 24', async () => {
    const { alice, bob } = await aliceAndBob();
    await sendAll(bob, numbered(0, 300));
    // What comes next is the response to this search: nothing was pushed in between.
    const first = pushes(numbered(0, 256));
    alice.say(search);
    expect(await alice.hear(first.length + 1)).toBe(first + nobody);
  });

  it('opens by as many as are acknowledged', async () => {
    const { alice, bob } = await aliceAndBob();
    await sendAll(bob, numbered(0, 300));
    await alice.hear(pushes(numbered(0, 256)).length);
    const next = pushes(numbered(256, 266));
    expect(await alice.ask(`\x08\x00\x0210`, next.length)).toBe(next);
    const rest = pushes(numbered(266, 300));
    expect(await alice.ask(`\x08\x00\x03256`, rest.length)).toBe(rest);
    await sendAll(bob, ['last']);
    const last = pushes(['last']);
    expect(await alice.ask(search, last.length + 1)).toBe(last + nobody);
  });

  it('lets 65,536 unacknowledged bytes through, to the byte', async () => {
    const { alice, bob } = await aliceAndBob();
    // 255 messages of 256 bytes, `bob|` included, and one that fills the window: 65,536 in all.
    const bodies = Array.from({ length: 256 }, () => 'x'.repeat(252));
    await sendAll(bob, [...bodies, 'y']);
    const full = bodies.map((body) => `\x20\x01\x00bob|${body}`).join('');
    alice.say(search);
    expect(await alice.hear(full.length + 1)).toBe(full + nobody);
  });

  it('holds back a message that is one byte too long for it, and all behind that one', async () => {
    const { alice, bob } = await aliceAndBob();
    // 247 messages of 265 bytes are 65,455; 81 bytes are left.
    const bodies = Array.from({ length: 247 }, () => 'x'.repeat(261));
    await sendAll(bob, [...bodies, 'y'.repeat(78), 'z']);
    const full = bodies.map((body) => `\x20\x01\x09bob|${body}`).join('');
    alice.say(search);
    expect(await alice.hear(full.length + 1)).toBe(full + nobody);
    const rest = pushes(['y'.repeat(78), 'z']);
    expect(await alice.ask('\x08\x00\x011', rest.length)).toBe(rest);
  });

  it('does not hold back the pages of a login, which count', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    await stage.fillMailbox(
      'alice',
      Array.from({ length: 3_000 }, () => 'x'.repeat(250)),
    );
    const bob = await stage.framedAs('bob');
    const alice = await stage.framed();
    alice.say('\x02\x00\x05alice');
    expect(await hearPages(alice)).toBe(3_000);
    await sendAll(bob, ['new']);
    expect(await alice.ask(search, 1)).toBe(nobody);
    // 3,000 unacknowledged are more than the window: it opens when 256 would be.
    alice.say('\x08\x00\x042744');
    expect(await alice.ask(search, 1)).toBe(nobody);
    alice.say('\x08\x00\x042745');
    expect(await alice.hear(10)).toBe('\x20\x00\x07bob|new');
  });

  it('belongs to a session, and is empty in the next', async () => {
    const { alice, bob } = await aliceAndBob();
    await sendAll(bob, numbered(0, 256));
    await alice.hear(pushes(numbered(0, 256)).length);
    expect(await alice.ask('\x08\x00\x03256\x05\x00\x05alice', 1)).toBe('\x28');
    expect(await alice.ask('\x02\x00\x05alice', 1)).toBe('\x08');
    await sendAll(bob, numbered(0, 256));
    expect(await alice.hear(pushes(numbered(0, 256)).length)).toBe(pushes(numbered(0, 256)));
  });
});

/** Hears the pages of a login to the last; returns how many messages they had. */
async function hearPages(client: RawClient): Promise<number> {
  let messages = 0;
  for (;;) {
    const header = await client.hear(3);
    const length = header.charCodeAt(1) * 256 + header.charCodeAt(2);
    messages += (await client.hear(length)).split('\n').length;
    if (header[0] === '\x09') return messages;
    expect(header[0]).toBe('\x0c');
  }
}
