import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest';
import { loadPart } from './load-part.ts';
import { demoNodes } from './nodes.ts';

vi.mock('@tandem/chat/postgres/testing', () => ({ hasPostgres: false }));

let said: MockInstance<typeof process.stderr.write>;
beforeEach(() => {
  said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
});
afterEach(() => vi.restoreAllMocks());

it.each([
  ['no PostgreSQL', () => demoNodes(3, 'converse'), /^[^\n]+ install postgresql[^\n]+\n$/],
  [
    'no more than a server',
    () => loadPart(Promise.reject(Object.assign(new Error(), { code: 'ERR_MODULE_NOT_FOUND' }))),
    /^[^\n]+ from a clone of the repository\.\n$/,
  ],
])('says in one line that there is %s, and what to do', async (_name, act, line) => {
  await expect(act()).rejects.toThrow('exit 1');
  expect(said.mock.calls).toEqual([[expect.stringMatching(line)]]);
});
