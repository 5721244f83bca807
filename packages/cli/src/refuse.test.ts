import { afterEach, expect, it, vi } from 'vitest';
import { refuse } from './refuse.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  ['There is no /x', 'There is no /x\n'],
  ['a\nb\r\n  c', 'a b c\n'],
  ['no \x1b[31m\x9b\x7f\u202e here', 'no \\u{1b}[31m\\u{9b}\\u{7f}\\u{202e} here\n'],
])('says in one line what steers no terminal: %j', (message, said) => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('left');
  });
  expect(() => refuse(message)).toThrow('left');
  expect(write).toHaveBeenCalledExactlyOnceWith(said);
  expect(exit).toHaveBeenCalledWith(1);
});
