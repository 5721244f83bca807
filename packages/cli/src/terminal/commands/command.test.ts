import { isValidMessage, isValidUsername } from '@tandem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/any-text.ts';
import { draftOf, findCommand, lineOf, splitLine } from './command.ts';

const blanks = fc.string({ unit: fc.constantFrom(' ', '\t'), minLength: 1, maxLength: 4 });
const username = fc.stringMatching(/^[A-Za-z0-9]{1,50}$/).filter(isValidUsername);
const body = fc.stringMatching(/^[ -{}~]{1,262}$/).filter(isValidMessage);

describe('a line', () => {
  it('says its command and what that needs, however many spaces and tabs separate them', () => {
    fc.assert(
      fc.property(username, body, blanks, blanks, blanks, (recipient, text, one, two, three) => {
        const { word, rest } = splitLine(`${one}/Send${two}${recipient}${three}${text}${one}`);
        expect(findCommand(word)).toBe('send');
        // The first of them ends the recipient; the others are of the message.
        const values = [recipient, `${three.slice(1)}${text}${one}`];
        expect(draftOf('send', rest)).toEqual({ command: 'send', values });
      }),
    );
  });

  it('is read again as what it was written from', () => {
    fc.assert(
      fc.property(username, body, (recipient, text) => {
        const draft = { command: 'send', values: [recipient, text] } as const;
        const { word, rest } = splitLine(lineOf(draft));
        expect(findCommand(word)).toBe('send');
        expect(draftOf('send', rest)).toEqual(draft);
      }),
    );
  });

  it('loses nothing but the spaces and tabs before its first word and the one behind it', () => {
    fc.assert(
      fc.property(anyText, (line) => {
        const { word, rest } = splitLine(line);
        expect(word).not.toMatch(/[ \t]/);
        expect(word + rest).toBe(line.replace(/^[ \t]+/, '').replace(/[ \t]/, ''));
      }),
    );
  });
});
