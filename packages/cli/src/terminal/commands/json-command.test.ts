import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/any-text.ts';
import { renderJson } from '../display/render-json.ts';
import { parseJsonCommand } from './json-command.ts';

describe('a command as JSON', () => {
  it('has the values of its members, in the order of its fields', () => {
    expect(parseJsonCommand('{"body":" hi ","to":"bob","command":"send"}')).toEqual({
      draft: { command: 'send', values: ['bob', ' hi '] },
      secrets: undefined,
    });
    expect(parseJsonCommand('{"command":"/LOGIN","username":"alice","secret":""}')).toEqual({
      draft: { command: 'login', values: ['alice'] },
      secrets: { current: '', secret: '' },
    });
    expect(parseJsonCommand('{"command":"secret"}')).toMatchObject({
      secrets: { current: '', secret: '' },
    });
  });

  it.each([
    ['{"command":"login","secret":"correct horse"', ': look at character 44'],
    ['{"secret":trustno1}', ''],
    ['{"secret":"correct horse" in JSON at position 1234', ': look at character 27'],
    ['{"secret": in JSON at position 1234}', ''],
  ])('is refused without a part of it where it is no JSON: %s', (line, place) => {
    const problem = `that line begins with { and is not JSON${place}`;
    expect(parseJsonCommand(line)).toEqual({ problem });
  });

  it('is either read or refused with a reason, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (line) => {
        const parsed = parseJsonCommand(`{${line}`);
        expect('draft' in parsed || parsed.problem !== '').toBe(true);
      }),
    );
  });
});

describe('an event as JSON', () => {
  it('is one line that a parser reads back, and cannot steer a terminal', () => {
    fc.assert(
      fc.property(anyText, anyText, (sender, body) => {
        const line = renderJson({ kind: 'message', message: { sender, body } }, new Date(0));
        expect(line.slice(0, -1)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(line)).toMatchObject({ from: sender, body });
      }),
    );
  });
});
