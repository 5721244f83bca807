import { isValidMessage, messageCharsMax } from '@tandem/core';
import { expect, test } from 'vitest';
import { bodyCharsMin, bodyOf, idOf, messageId } from './message.ts';

test('makes valid bodies of the wanted length, from which their ids can be read', () => {
  for (const chars of [bodyCharsMin, 100, messageCharsMax]) {
    const id = messageId('a12c3l4m567', chars);
    expect(bodyOf(id)).toHaveLength(chars);
    expect(isValidMessage(bodyOf(id))).toBe(true);
    expect(idOf(bodyOf(id))).toBe(id);
  }
});

test('returns a changed body instead of an id', () => {
  const body = bodyOf(messageId('m1', 60));
  for (const changed of [body.slice(0, -1), `${body}x`, body.replace('1', '2'), '', 'x']) {
    expect(idOf(changed)).toBe(changed);
  }
});
