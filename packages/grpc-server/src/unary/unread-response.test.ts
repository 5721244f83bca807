import { Status } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMessages, unreadResponse } from './unread-response.ts';

const { Login, Resume } = loadMessageService();
const letters = fc.constantFrom(...'azAZ09');
const messages = fc.array(
  fc.record({
    sender: fc.string({ unit: letters, minLength: 1, maxLength: 50 }),
    body: fc.string({ unit: fc.constantFrom(...' !~{az'), minLength: 1, maxLength: 262 }),
  }),
  { maxLength: 40 },
);

describe('a response with unread messages', () => {
  it('has the bytes that protobufjs writes, whatever the messages and their pages', () => {
    const token = fc.option(fc.string({ unit: letters, maxLength: 43 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(messages, { maxLength: 4 }), token, (pages, resumeToken) => {
        const statusCode = Status.loggedInUnread;
        const response = resumeToken === undefined ? { statusCode } : { statusCode, resumeToken };
        const { parts } = unreadResponse(response, pages.map(encodeMessages));
        const bytes = Buffer.concat(parts);
        for (const { responseSerialize } of resumeToken === undefined
          ? [Login, Resume]
          : [Resume]) {
          expect(bytes).toEqual(responseSerialize({ ...response, messages: pages.flat() }));
        }
      }),
    );
  });
});
