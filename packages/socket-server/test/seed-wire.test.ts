import { NameList } from '@tandem/chat';
import { describe, expect, it } from 'vitest';
import { SeedWire } from '../src/seed-wire.ts';
import { messagePage, pageOf, recordedWire } from './recorded-wire.ts';

describe('a login over the seed wire', () => {
  it('is the count and the messages in one write', () => {
    const { wire, writes, messages } = recordedWire(SeedWire);
    wire.loginPage(messagePage(['hi', 'yo']), 2);
    expect(writes).toEqual(['\x09\x00\x02bob|hi\nbob|yo']);
    expect(messages).toEqual([2]);
  });

  it('is never 12: it has the count with the first page, and is one list over all of them', () => {
    const { wire, writes, messages } = recordedWire(SeedWire);
    wire.loginPage(messagePage(['a', 'b'], 'first'), 600);
    wire.loginPage(messagePage(['c'], 'between'), 600);
    wire.loginPage(messagePage(['d'], 'last'), 600);
    expect(writes).toEqual(['\x09\x02\x58bob|a\nbob|b', '\nbob|c', '\nbob|d']);
    expect(messages).toEqual([2, 1, 1]);
  });

  it('has a count of up to 65,535', () => {
    const { wire, writes } = recordedWire(SeedWire);
    wire.loginPage(messagePage(['x'], 'first'), 65_535);
    expect(writes[0]?.slice(0, 3)).toBe('\x09\xff\xff');
  });
});

describe('a search over the seed wire', () => {
  it('is the count and the names in one write', () => {
    const { wire, writes } = recordedWire(SeedWire);
    const usernames = NameList.of(['alice', 'bob']);
    wire.searchPage(pageOf(usernames), { status: 16, usernames });
    expect(writes).toEqual(['\x10\x00\x02alice|bob']);
  });

  it('is one 16 with the full count where the framed dialect says 18 and 19', () => {
    const { wire, writes } = recordedWire(SeedWire);
    const names = Array.from({ length: 10_000 }, (_, i) => `user${i}`);
    const outcome = { status: 19, usernames: NameList.of(names) } as const;
    wire.searchPage(pageOf(NameList.of(names.slice(0, 2)), 'first'), outcome);
    wire.searchPage(pageOf(NameList.of(names.slice(2, 3)), 'between'), outcome);
    wire.searchPage(pageOf(NameList.of(names.slice(3, 4)), 'last'), outcome);
    expect(writes).toEqual(['\x10\x27\x10user0|user1', '|user2', '|user3']);
  });
});

describe('a status over the seed wire', () => {
  it('that the seed did not know becomes one that it did', () => {
    const { wire } = recordedWire(SeedWire);
    for (const [status, seed] of [
      [28, 27],
      [120, 127],
      [121, 127],
      [122, 127],
      [123, 127],
      [126, 126],
      [26, 26],
    ] as const) {
      expect(wire.status(status)).toEqual(Buffer.of(seed));
    }
  });

  it('is left out for a message to oneself, which the push answers', () => {
    const { wire } = recordedWire(SeedWire);
    expect([wire.sendStatus(24, true), wire.sendStatus(24, false)]).toEqual([
      undefined,
      Buffer.of(24),
    ]);
    expect(wire.sendStatus(28, true)).toEqual(Buffer.of(27));
  });
});

describe('the messages of the seed wire', () => {
  it('are taken when the kernel has accepted them', () => {
    const { wire, messages, taken } = recordedWire(SeedWire);
    wire.sessionBegan();
    wire.loginPage(messagePage(['a', 'b']), 2);
    wire.push({ sender: 'bob', body: 'c' });
    expect([messages, taken]).toEqual([[2, 1], []]);
    wire.accepted(2);
    wire.accepted(1);
    expect(taken).toEqual([2, 3]);
  });

  it('are counted anew in every session, without those of an earlier one that are accepted late', () => {
    const { wire, taken } = recordedWire(SeedWire);
    wire.sessionBegan();
    wire.push({ sender: 'bob', body: 'a' });
    wire.push({ sender: 'bob', body: 'b' });
    wire.accepted(1);
    wire.sessionBegan();
    wire.push({ sender: 'bob', body: 'c' });
    wire.accepted(1);
    expect(taken).toEqual([1]);
    wire.accepted(1);
    expect(taken).toEqual([1, 1]);
  });
});
