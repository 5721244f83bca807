import { describe, expect, it } from 'vitest';
import { messageBytes } from '../rules/limits.ts';
import {
  formatMessage,
  joinMessage,
  parseAcknowledgement,
  parseSend,
  senderOf,
  splitMessage,
  splitMessages,
} from './content.ts';

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

describe('formatMessage', () => {
  it('joins sender, recipient and body by bars', () => {
    expect(formatMessage('sender', 'recipient', 'hello!!!')).toBe('sender|recipient|hello!!!');
  });
});

describe('a message on the wire', () => {
  it('is read back as it was written', () => {
    const message = { sender: 'alice', body: 'see you at eight' };
    expect(joinMessage(message)).toBe('alice|see you at eight');
    expect(splitMessage(joinMessage(message))).toEqual(message);
    expect(messageBytes(message)).toBe(joinMessage(message).length);
  });

  it('splits at the first bar only', () => {
    expect(splitMessage('a|b|c')).toEqual({ sender: 'a', body: 'b|c' });
  });

  it('has an empty body where there is no bar', () => {
    expect(splitMessage('alice')).toEqual({ sender: 'alice', body: '' });
  });

  it('comes in lists, one a line, in order', () => {
    expect(splitMessages('a|1\nb|2\na|3')).toEqual([
      { sender: 'a', body: '1' },
      { sender: 'b', body: '2' },
      { sender: 'a', body: '3' },
    ]);
  });
});
