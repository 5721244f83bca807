import { describe, expect, it } from 'vitest';
import {
  isResumeToken,
  isSecretText,
  isValidMessage,
  isValidQuery,
  isValidUsername,
  isWeakSecret,
} from './limits.ts';

const everyCharacter = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code));

describe('isValidUsername', () => {
  it('takes 1 to 50 characters', () => {
    expect(isValidUsername('')).toBe(false);
    expect(isValidUsername('a')).toBe(true);
    expect(isValidUsername('a'.repeat(50))).toBe(true);
    expect(isValidUsername('a'.repeat(51))).toBe(false);
  });

  it('takes ASCII letters and digits, and nothing else', () => {
    const valid = everyCharacter.filter((character) => isValidUsername(character)).join('');
    expect(valid).toBe('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
  });

  it('refuses a bad character at the start, in the middle and at the end', () => {
    expect(
      ['|ab', 'a b', 'ab\n', '\nab', 'ab\r', 'é', 'a\u0000', '\u{1F600}', '٣'].some(
        isValidUsername,
      ),
    ).toBe(false);
  });
});

describe('isValidQuery', () => {
  it('takes 0 to 50 characters', () => {
    expect(isValidQuery('')).toBe(true);
    expect(isValidQuery('*')).toBe(true);
    expect(isValidQuery('*'.repeat(50))).toBe(true);
    expect(isValidQuery('*'.repeat(51))).toBe(false);
  });

  it('takes ASCII letters, digits and the star, and nothing else', () => {
    const valid = everyCharacter.filter((character) => isValidQuery(character)).join('');
    expect(valid).toBe('*0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
  });

  it('refuses a newline at the end', () => {
    expect(isValidQuery('a*\n')).toBe(false);
    expect(isValidQuery('\n')).toBe(false);
  });
});

describe('isSecretText', () => {
  it('takes space to tilde without the bar, and nothing else', () => {
    const valid = everyCharacter.filter((character) => isSecretText(`x${character}`)).join('');
    expect(valid).toBe(
      ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{}~',
    );
    expect(isSecretText('')).toBe(true);
    expect(isSecretText('secret\n')).toBe(false);
  });
});

describe('isWeakSecret', () => {
  it.each([
    '',
    'hunter2',
    'aaaaaaaa',
    '12345678',
    '87654321',
    'ABCDEFGHIJ',
    'alicealice',
    'Alice123',
  ])('refuses %j', (secret) => {
    expect(isWeakSecret('alice', secret)).toBe(true);
  });

  it.each(['hunter22', 'correct horse', '1234567a', '        x', 'alice4ever', '13579bdf'])(
    'takes %j',
    (secret) => {
      expect(isWeakSecret('alice', secret)).toBe(false);
    },
  );
});

describe('isResumeToken', () => {
  it('takes 43 characters of base64url', () => {
    expect(isResumeToken(`${'aZ09-_'.repeat(7)}x`)).toBe(true);
    for (const wrong of ['', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(42)}=`]) {
      expect(isResumeToken(wrong)).toBe(false);
    }
  });
});

describe('isValidMessage', () => {
  it('takes 1 to 262 characters', () => {
    expect(isValidMessage('')).toBe(false);
    expect(isValidMessage('x')).toBe(true);
    expect(isValidMessage('x'.repeat(262))).toBe(true);
    expect(isValidMessage('x'.repeat(263))).toBe(false);
  });

  it('takes space to tilde without the bar, and nothing else', () => {
    const valid = everyCharacter.filter((character) => isValidMessage(`x${character}`)).join('');
    expect(valid).toBe(
      ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{}~',
    );
  });

  it('refuses nothing but spaces, however many, and takes spaces around anything else', () => {
    for (const spaces of [1, 3, 261, 262].map((count) => ' '.repeat(count))) {
      expect(isValidMessage(spaces)).toBe(false);
      expect(isValidMessage(`${spaces}.`.slice(-262))).toBe(true);
      expect(isValidMessage(`.${spaces}`.slice(0, 262))).toBe(true);
    }
    expect(isValidMessage('  a  b  ')).toBe(true);
  });

  it('refuses what would steer a terminal, wherever it stands', () => {
    expect(
      [
        '\u001b[2J',
        'a\u001b]0;x\u0007',
        'a\rb',
        'a\nb',
        'ab\n',
        '\u009b2J',
        'a\u007f',
        'a\tb',
      ].some(isValidMessage),
    ).toBe(false);
  });
});
