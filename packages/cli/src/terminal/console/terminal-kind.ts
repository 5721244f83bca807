import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeDirectory } from '../../home-directory.ts';

/** Families of terminals that understand what Node.js writes: those of ECMA-48. Most have one of these names. */
const editableFamily =
  /^(xterm|screen|tmux|rxvt|linux|vt[1-5][0-9][0-9]|cygwin|konsole|gnome|putty|alacritty|foot|wezterm|st(-|$))/;

/** Terminals that have 256 colours at least, though their names do not say so. */
const colorfulFamily = /^(xterm-kitty|xterm-ghostty|foot|alacritty|wezterm)/;

/** Tells if a terminal has 256 colours at least, by what the environment says of it. */
export function hasManyColors({ TERM = '', COLORTERM = '' }: NodeJS.ProcessEnv): boolean {
  return /256|direct/.test(TERM) || /truecolor|24bit/.test(COLORTERM) || colorfulFamily.test(TERM);
}

const databases = ['/etc/terminfo', '/lib/terminfo', '/usr/share/terminfo', '/usr/lib/terminfo'];

/** The place of `cursor_up` (`cuu1`) among the strings of a description. [terminfo(5)] */
const cursorUpIndex = 19;

/**
 * Tells if a line can be edited on this terminal: its cursor moves as Node.js moves it. It cannot
 * where `TERM` says `dumb`, says nothing (but on Windows, where nobody sets it), or names a terminal
 * that is not known, or whose description in terminfo has another way to move the cursor.
 *
 * @param readDescription reads a file, or throws
 */
export function isEditable(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  readDescription: (file: string) => Buffer = readFileSync,
): boolean {
  const { TERM: name } = environment;
  if (!name) return platform === 'win32';
  if (editableFamily.test(name)) return true;
  if (name === 'dumb' || name.includes('/')) return false;
  for (const directory of directoriesOf(environment)) {
    // By the first letter or, on macOS, by its number.
    for (const letter of [name.slice(0, 1), name.charCodeAt(0).toString(16)]) {
      try {
        return cursorUp(readDescription(join(directory, letter, name))) === '\x1b[A';
      } catch {
        // Not here.
      }
    }
  }
  return false;
}

/** Returns the directories of descriptions, in the order in which curses reads them. [terminfo(5)] */
function directoriesOf({ TERMINFO, TERMINFO_DIRS, HOME }: NodeJS.ProcessEnv): string[] {
  const own = [
    TERMINFO,
    join(HOME ?? homeDirectory(), '.terminfo'),
    ...(TERMINFO_DIRS ?? '').split(':'),
  ];
  return [
    ...own.filter((directory) => directory !== undefined && directory !== ''),
    ...databases,
  ] as string[];
}

/** Returns the sequence that moves the cursor up a row, from a compiled description; undefined when there is none. [term(5)] */
function cursorUp(description: Buffer): string | undefined {
  // Numbers have 16 bits, or 32 in the newer format.
  const numberBytes = description.readUInt16LE(0) === 0o1036 ? 4 : 2;
  const nameBytes = description.readUInt16LE(2);
  const flags = description.readUInt16LE(4);
  const numbers = description.readUInt16LE(6);
  const strings = description.readUInt16LE(8);
  if (cursorUpIndex >= strings) return undefined;
  const flagsEnd = 12 + nameBytes + flags;
  const offsets = flagsEnd + (flagsEnd % 2) + numbers * numberBytes;
  const offset = description.readInt16LE(offsets + 2 * cursorUpIndex);
  if (offset < 0) return undefined;
  const begin = offsets + 2 * strings + offset;
  return description.toString('latin1', begin, description.indexOf(0, begin));
}
