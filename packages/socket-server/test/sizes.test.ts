import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { frame, startStage } from './fixture.ts';

describe('a request at its size limit', () => {
  it('is answered like any other', async () => {
    const stage = await startStage();
    const client = await stage.framed();
    const name = 'n'.repeat(50);
    expect(await client.ask(`\x01\x00\x32${name}`, 1)).toBe('\x01');
    expect(await client.ask(`\x03\x00\x32${name}`, 53)).toBe(`\x10\x00\x32${name}`);
    expect(await client.ask(`\x02\x00\x32${name}`, 1)).toBe('\x08');
    const send = `\x04\x01\x6c${name}|${name}|${'x'.repeat(262)}`;
    const heard = await client.ask(send, 1 + 3 + 50 + 1 + 262);
    expect(heard.replace('\x18', '')).toBe(`\x20\x01\x39${name}|${'x'.repeat(262)}`);
    expect(await client.ask('\x08\x00\x100000000000000001', 0)).toBe('');
    expect(await client.ask(`\x05\x00\x32${name}`, 1)).toBe('\x28');
    expect(await client.ask(`\x07\x01\x6c${'x'.repeat(364)}`, 1)).toBe('\x7e');
    expect(await client.ask('\x03\x00\x01z', 1)).toBe('\x11');
  });

  it.each([9, 10, 11, 12, 13, 14])(
    'is answered like any other: operation %i',
    async (operation) => {
      const client = await (await startStage()).framed();
      const refusal = operation > 11 ? '\x78' : '\x7a';
      const request = frame(operation, '!'.repeat(364));
      expect(await client.ask(`${request}\x03\x00\x01z`, 2)).toBe(`${refusal}\x11`);
    },
  );
});

const oversized: readonly (readonly [name: string, header: string])[] = [
  ['register', '\x01\x00\x33'],
  ['login', '\x02\x00\x33'],
  ['search', '\x03\x00\x33'],
  ['send', '\x04\x01\x6d'],
  ['logout', '\x05\x00\x33'],
  ['delete', '\x06\x00\x33'],
  ['acknowledge', '\x08\x00\x11'],
  ...['login', 'register', 'resume', 'change', 'block', 'unblock'].map(
    (name, i) =>
      [`${name} of clauses 4.7 to 4.11`, `${String.fromCharCode(9 + i)}\x01\x6d`] as const,
  ),
  ['operation that there is not', '\x48\x01\x6d'],
  ['operation 0 of every length', '\x00\xff\xff'],
];

describe('a header that announces more than the operation needs', () => {
  for (const [name, header] of oversized) {
    it(`ends the connection with 126, content awaited or not: ${name}`, async () => {
      const stage = await startStage();
      const client = await stage.framed();
      client.say(header);
      expect(await client.hearToEnd()).toBe('\x7e');
    });
  }

  it('is answered after the requests before it, however long they take', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store });
    const client = await stage.framed();
    const held = store.hold('addAccount');
    client.say('\x01\x00\x05alice\x03\x00\x01z\x01\x00\x33');
    await held;
    store.release('addAccount');
    expect(await client.hearToEnd()).toBe('\x01\x11\x7e');
  });

  it('keeps what came after it from being carried out', async () => {
    const stage = await startStage();
    const client = await stage.framed();
    client.say('\x01\x00\x33\x01\x00\x05alice');
    expect(await client.hearToEnd()).toBe('\x7e');
    expect(stage.service.accountCount).toBe(0);
  });

  it('ends the session', async () => {
    const stage = await startStage({ users: ['alice'] });
    const alice = await stage.framedAs('alice');
    alice.say('\x01\x00\x33');
    expect(await alice.hearToEnd()).toBe('\x7e');
    expect(await stage.untilFree('alice')).toBe(8);
  });

  it('is answered to a client that goes on sending, not lost in a reset', async () => {
    const stage = await startStage();
    const client = await stage.framed();
    client.say(`\x01\x00\x33${'x'.repeat(1_000_000)}`);
    expect(await client.hearToEnd()).toBe('\x7e');
    await client.leave();
  });
});
