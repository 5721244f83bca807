import { joinMessage, type Message, messageCharsMax, Status, usernameCharsMax } from '@tandem/core';
import { encodeSeedIncoming, encodeSeedListHeader, encodeSeedStatus } from '@tandem/core/seed';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { separate } from './separate.ts';

const text = (read: string) => Buffer.from(read, 'latin1');

function pieces(read: string): string[] {
  return [...separate(text(read))].map((piece) => piece.toString('latin1'));
}

describe('the bytes of one read', () => {
  test.each([
    ['a status', ['\x18']],
    ['two messages', [' bob|hi', ' carol|yo']],
    ['a message and the response to a send', [' bob|hi', '\x18']],
    ['the response to a send and a message', ['\x18', ' bob|hi']],
    ['a message and a 10, which is a newline', [' bob|hi', '\n']],
    ['a message and a 127', [' bob|hi', '\x7f']],
    ['messages whose bodies end in what could be a name', [' bob|hi carol', ' dan|yo']],
    ['a message whose body is a space, and another', [' bob| ', ' carol|yo']],
    ['usernames and a message', ['\x10\x00\x02alice|bob', ' carol|yo']],
    ['unread messages and a message', ['\x09\x00\x02bob|hi\ncarol|yo yo', ' dan|hm']],
    ['a list whose header alone has come', ['\x10\x00']],
    ['nothing', []],
  ])('is taken apart: %s', (_, expected) => {
    expect(pieces(expected.join(''))).toEqual(expected);
  });

  test.each([
    ['a message without a bar', ' bob'],
    ['unread messages, cut', '\x09\x00\x02bob|hi'],
    ['the header of unread messages, cut', '\x09\x00'],
    ['a message and a 40, which is a parenthesis', ' bob|hi('],
  ])('is left as it is: %s', (_, read) => {
    expect(pieces(read)).toEqual([read]);
  });

  const letters = 'abcxyzABCXYZ0189'.split('');
  const username = fc.string({
    unit: fc.constantFrom(...letters),
    minLength: 1,
    maxLength: usernameCharsMax,
    size: 'max',
  });
  const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
  const body = fc.string({
    unit: fc.oneof(
      printable.filter((char) => char !== '|'),
      fc.constant(' '),
    ),
    minLength: 1,
    maxLength: messageCharsMax,
    size: 'max',
  });
  const message: fc.Arbitrary<Message> = fc.record({ sender: username, body });
  const push = message.map((one) => encodeSeedIncoming(joinMessage(one)));
  const status = fc
    .constantFrom(Status.registered, Status.loggedIn, Status.delivered, Status.unknownError)
    .map((one) => encodeSeedStatus(one));
  const list = fc.oneof(
    fc.array(username, { minLength: 1, maxLength: 5 }).map((names) => {
      const header = encodeSeedListHeader(Status.found, names.length);
      return Buffer.concat([header, text(names.join('|'))]);
    }),
    fc.array(message, { minLength: 1, maxLength: 5 }).map((messages) => {
      const header = encodeSeedListHeader(Status.loggedInUnread, messages.length);
      return Buffer.concat([header, text(messages.map(joinMessage).join('\n'))]);
    }),
  );

  test('are split as they were joined, for every response and the messages around it', () => {
    const read = fc.tuple(fc.array(push, { maxLength: 4 }), status, fc.array(push));
    const login = fc.tuple(fc.constant([]), list, fc.array(push));
    fc.assert(
      fc.property(fc.oneof(read, login), ([before, answer, after]) => {
        const expected = [...before, answer, ...after];
        expect([...separate(Buffer.concat(expected))]).toEqual(expected);
      }),
      { interruptAfterTimeLimit: 10_000, numRuns: 2_000 },
    );
  });
});
