import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../test/chunks.ts';
import {
  type Page,
  pageOfMessages,
  pageOfUsernames,
  parseAcknowledgement,
  parseSend,
  senderOf,
} from './content.ts';
import { joinMessage, type Message } from './message.ts';

describe('parseSend', () => {
  it('reads the three parts', () => {
    expect(parseSend('alice|bob|hi there')).toEqual({
      sender: 'alice',
      recipient: 'bob',
      body: 'hi there',
    });
  });

  it('refuses fewer and more than three parts', () => {
    expect(['', 'alice', 'alice|bob', 'alice|bob|a|b'].map(parseSend)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('leaves empty parts to the validators', () => {
    expect(parseSend('||')).toEqual({ sender: '', recipient: '', body: '' });
  });
});

describe('senderOf', () => {
  it('knows the sender of a request that is not well formed', () => {
    expect(['alice|bob|hi', 'alice|bob', 'alice', 'alice|b|c|d', '|x'].map(senderOf)).toEqual([
      'alice',
      'alice',
      'alice',
      'alice',
      '',
    ]);
    expect(senderOf('')).toBe('');
  });
});

describe('parseAcknowledgement', () => {
  it('reads a decimal count, leading zeros and all', () => {
    expect(parseAcknowledgement('0')).toBe(0);
    expect(parseAcknowledgement('256')).toBe(256);
    expect(parseAcknowledgement('0000000000000007')).toBe(7);
    expect(parseAcknowledgement('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('refuses what is no count, or none that a number holds exactly', () => {
    const refused = ['', '-1', '+1', '1.0', '1e3', '0x1', ' 1', '1\n', '٣', '9007199254740992'];
    expect(refused.map(parseAcknowledgement).every((count) => count === undefined)).toBe(true);
    expect(parseAcknowledgement('00000000000000001')).toBeUndefined();
  });
});

describe('a page', () => {
  const messages: Message[] = [
    { sender: 'a', body: '12' },
    { sender: 'b', body: '34' },
    { sender: 'c', body: '56' },
  ];

  it('takes as many items as fit, separators included, to the byte', () => {
    expect(pageOfMessages(messages, 0, 9)).toEqual({ content: 'a|12\nb|34', count: 2 });
    expect(pageOfMessages(messages, 0, 8)).toEqual({ content: 'a|12', count: 1 });
    expect(pageOfMessages(messages, 1, 100)).toEqual({ content: 'b|34\nc|56', count: 2 });
    expect(pageOfUsernames(['ab', 'cd', 'ef'], 0, 5)).toEqual({ content: 'ab|cd', count: 2 });
    expect(pageOfUsernames(['ab', 'cd', 'ef'], 0, 4)).toEqual({ content: 'ab', count: 1 });
  });

  it('is empty past the end, and where the first item does not fit', () => {
    expect(pageOfMessages(messages, 3, 100)).toEqual({ content: '', count: 0 });
    expect(pageOfUsernames(['abc'], 0, 2)).toEqual({ content: '', count: 0 });
  });

  it('leaves out nothing, repeats nothing and wastes nothing, whatever the sizes', () => {
    const message = fc.record({
      sender: fc.stringMatching(/^[a-z]{1,50}$/),
      body: fc.stringMatching(/^[ -{}~]{1,262}$/),
    });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 60, size: 'max' }),
        fc.integer({ min: 313, max: 4_000 }),
        (messages, bytesMax) => {
          const pages = allPages(messages.length, (from) =>
            pageOfMessages(messages, from, bytesMax),
          );
          expect(pages.map((page) => page.content).join('\n')).toBe(
            messages.map(joinMessage).join('\n'),
          );
          pages.forEach((page, index) => {
            const first = pages[index + 1]?.content.split('\n')[0];
            expect(page.content.length).toBeLessThanOrEqual(bytesMax);
            if (first !== undefined) {
              expect(page.content.length + 1 + first.length).toBeGreaterThan(bytesMax);
            }
          });
        },
      ),
      { ...runs, numRuns: 100 },
    );
  });
});

function allPages(itemCount: number, pageFrom: (from: number) => Page): Page[] {
  const pages: Page[] = [];
  for (let from = 0; from < itemCount; ) {
    const page = pageFrom(from);
    expect(page.count).toBeGreaterThan(0);
    pages.push(page);
    from += page.count;
  }
  return pages;
}
