import { NameList } from '@tandem/chat';
import { describe, expect, it } from 'vitest';
import { FramedWire } from '../src/framed-wire.ts';
import { messagePage, pageOf, recordedWire } from './recorded-wire.ts';

describe('a login over the framed wire', () => {
  it('is one 9 when it fits', () => {
    const { wire, writes } = recordedWire(FramedWire);
    wire.loginPage(messagePage(['hi', 'yo']));
    expect(writes).toEqual(['\x09\x00\x0dbob|hi\nbob|yo']);
  });

  it('is 12 for every page but the last, each a list of its own', () => {
    const { wire, writes } = recordedWire(FramedWire);
    wire.loginPage(messagePage(['a', 'b'], 'first'));
    wire.loginPage(messagePage(['c'], 'between'));
    wire.loginPage(messagePage(['d'], 'last'));
    expect(writes).toEqual(['\x0c\x00\x0bbob|a\nbob|b', '\x0c\x00\x05bob|c', '\x09\x00\x05bob|d']);
  });

  it('ends with an empty 9 when messages of the mailbox were lost', () => {
    const { wire, writes } = recordedWire(FramedWire);
    wire.loginPage(messagePage([], 'last'));
    expect(writes).toEqual(['\x09\x00\x00']);
  });

  it('has pages of up to 65,535 bytes', () => {
    const { wire, writes } = recordedWire(FramedWire);
    // 256 lines of 255 characters and their 255 newlines.
    wire.loginPage(messagePage(Array(256).fill('x'.repeat(251))));
    expect([writes[0]?.slice(0, 3), writes[0]?.length]).toEqual(['\x09\xff\xff', 65_538]);
  });
});

describe('a search over the framed wire', () => {
  it('is one 16 when it fits', () => {
    const { wire, writes } = recordedWire(FramedWire);
    const usernames = NameList.of(['alice', 'bob']);
    wire.searchPage(pageOf(usernames), { status: 16, usernames });
    expect(writes).toEqual(['\x10\x00\x09alice|bob']);
  });

  it('is 18 for every page but the last, which says whether the list was cut', () => {
    for (const status of [16, 19] as const) {
      const { wire, writes } = recordedWire(FramedWire);
      const outcome = { status, usernames: NameList.of(['a', 'b', 'c', 'd']) };
      wire.searchPage(pageOf(NameList.of(['a', 'b']), 'first'), outcome);
      wire.searchPage(pageOf(NameList.of(['c']), 'between'), outcome);
      wire.searchPage(pageOf(NameList.of(['d']), 'last'), outcome);
      expect(writes).toEqual([
        '\x12\x00\x03a|b',
        '\x12\x00\x01c',
        `${String.fromCharCode(status)}\x00\x01d`,
      ]);
    }
  });
});

it('has a response to every send, and a push', () => {
  const { wire, writes, messages, taken } = recordedWire(FramedWire);
  expect(wire.sendStatus(24)).toEqual(Buffer.of(24));
  wire.push({ sender: 'bob', body: 'hi' });
  expect(writes).toEqual(['\x20\x00\x06bob|hi']);
  // Its client acknowledges.
  expect([messages, taken]).toEqual([[0], []]);
});
