import { describe, expect, it } from 'vitest';
import {
  formatMessage,
  joinMessage,
  messageBytes,
  splitMessage,
  splitMessages,
} from './message.ts';

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
