import { describe, expect, it } from 'vitest';
import { hasManyColors, isEditable } from './terminal-kind.ts';

/** A compiled description of a terminal whose cursor goes up so. [term(5)] */
function description(cursorUp: string | undefined, magic = 0o432): Buffer {
  const names = 'name|a terminal\0';
  const flags = 3;
  const numbers = 2;
  const offsets = Array<number>(40).fill(-1);
  if (cursorUp !== undefined) offsets[19] = 2;
  const table = `^J${cursorUp ?? ''}\0`;
  const header = Buffer.alloc(12);
  for (const [at, value] of [magic, names.length, flags, numbers, 40, table.length].entries()) {
    header.writeUInt16LE(value, 2 * at);
  }
  const flagBytes = flags + ((12 + names.length + flags) % 2);
  const strings = Buffer.alloc(80);
  for (const [at, offset] of offsets.entries()) strings.writeInt16LE(offset, 2 * at);
  const numberBytes = numbers * (magic === 0o1036 ? 4 : 2);
  return Buffer.concat([
    header,
    Buffer.from(names),
    Buffer.alloc(flagBytes + numberBytes),
    strings,
    Buffer.from(table),
  ]);
}

function database(files: Readonly<Record<string, Buffer>>) {
  return (file: string): Buffer => {
    const found = files[file];
    if (found === undefined) throw new Error('ENOENT');
    return found;
  };
}

const ecma48 = '\x1b[A';
const empty = database({});

describe('isEditable', () => {
  it.each([
    'xterm-256color',
    'xterm-kitty',
    'screen',
    'tmux-256color',
    'linux',
    'vt220',
    'st-256color',
  ])('knows %s without looking anything up', (name) => {
    expect(isEditable({ TERM: name }, 'linux', empty)).toBe(true);
  });

  it.each(['dumb', 'nonsense', 'unknown', 'vt52', 'stranger', '../x/xterm', ''])(
    'takes %j for a terminal that cannot move its cursor',
    (name) => {
      expect(isEditable({ TERM: name }, 'linux', empty)).toBe(false);
    },
  );

  it('takes no name for such a terminal, but on Windows', () => {
    expect(isEditable({}, 'linux', empty)).toBe(false);
    expect(isEditable({}, 'win32', empty)).toBe(true);
    expect(isEditable({ TERM: 'dumb' }, 'win32', empty)).toBe(false);
  });

  it.each([
    ['as Node.js moves it', description(ecma48), true],
    ['as Node.js moves it, in the newer format', description(ecma48, 0o1036), true],
    ['in another way', description('\x1bA'), false],
    ['in no way', description(undefined), false],
    ['nobody knows how, as the file is cut', description(ecma48).subarray(0, 30), false],
    ['nobody knows how, as the file is empty', Buffer.alloc(0), false],
  ])('looks up how an unknown one moves its cursor: %s', (_, file, editable) => {
    const read = database({ '/usr/share/terminfo/o/other': file });
    expect(isEditable({ TERM: 'other' }, 'linux', read)).toBe(editable);
  });

  it.each([
    [{ TERMINFO: '/own' }, '/own/o/other'],
    [{ TERMINFO_DIRS: ':/one:/two' }, '/two/o/other'],
    [{ HOME: '/home/alice' }, '/home/alice/.terminfo/o/other'],
    [{}, '/usr/share/terminfo/6f/other'],
  ])('looks where the environment says (%#)', (environment, file) => {
    const read = database({ [file]: description(ecma48) });
    expect(isEditable({ TERM: 'other', ...environment }, 'linux', read)).toBe(true);
  });
});

describe('hasManyColors', () => {
  it.each([
    [{ TERM: 'xterm-256color' }, true],
    [{ TERM: 'xterm-direct' }, true],
    [{ TERM: 'xterm', COLORTERM: 'truecolor' }, true],
    [{ TERM: 'xterm-kitty' }, true],
    [{ TERM: 'foot-extra' }, true],
    [{ TERM: 'alacritty' }, true],
    [{ TERM: 'xterm' }, false],
    [{ TERM: 'linux' }, false],
    [{}, false],
  ])('says of %j: %s', (environment, many) => {
    expect(hasManyColors(environment)).toBe(many);
  });
});
