import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Account, newAccount } from './account.ts';
import { Directory } from './directory.ts';

function directoryOf(...usernames: readonly string[]): Directory {
  const directory = new Directory();
  for (const username of usernames) directory.add(newAccount(username, 0));
  return directory;
}

function namesFrom(directory: Directory, first: string): string[] {
  return [...directory.textsOf(first, '~')].flatMap((text) => text.split('\n'));
}

describe('a directory', () => {
  it('finds accounts by their exact names', () => {
    const directory = directoryOf('ann', 'Ann');
    expect(directory.get('ann')?.username).toBe('ann');
    expect(directory.get('Ann')?.username).toBe('Ann');
    expect(directory.get('an')).toBeUndefined();
    expect(directory.get('__proto__')).toBeUndefined();
  });

  it('lists names by their bytes: digits, upper case, lower case', () => {
    const directory = directoryOf('b', '9', 'a', 'B', '10', 'a1', 'A', '1e3', '1000');
    const inOrder = ['10', '1000', '1e3', '9', 'A', 'B', 'a', 'a1', 'b'];
    expect(namesFrom(directory, '')).toEqual(inOrder);
    expect(namesFrom(directory, 'B')).toEqual(['B', 'a', 'a1', 'b']);
    expect(namesFrom(directory, 'C')).toEqual(['a', 'a1', 'b']);
    expect(namesFrom(directory, 'c')).toEqual([]);
  });

  it('forgets what is removed, and takes it again', () => {
    const directory = directoryOf('ann', 'bob');
    directory.remove('ann');
    directory.remove('nobody');
    expect(directory.get('ann')).toBeUndefined();
    expect(namesFrom(directory, '')).toEqual(['bob']);
    expect(directory.size).toBe(1);
    const ann = newAccount('ann', 3);
    directory.add(ann);
    expect(directory.get('ann')).toBe(ann);
    expect(directory.has('ann')).toBe(true);
    expect(directory.size).toBe(2);
  });

  it('makes an account that was loaded when it is used, with its messages, and keeps it', () => {
    const asked: string[] = [];
    const directory = new Directory((username) => {
      asked.push(username);
      return 3;
    });
    const cat = { username: 'cat', unread: 1, blocked: ['bob'] };
    directory.load({
      names: 'ann\nbob\ncat\n',
      count: 3,
      sizes: new Map([[3, 2]]),
      identified: [cat],
    });
    expect(directory.size).toBe(3);
    expect(directory.has('ann')).toBe(true);
    expect(asked).toEqual([]);
    const ann = directory.get('ann');
    expect(ann).toMatchObject({ username: 'ann', stored: 3, session: undefined });
    expect(directory.get('ann')).toBe(ann);
    expect(directory.get('cat')?.blocked).toEqual(new Set(['bob']));
    expect(directory.get('dan')).toBeUndefined();
    expect(asked).toEqual(['ann']);
  });

  it('counts each mailbox once, used or not, also when it is used meanwhile', () => {
    const directory = new Directory(() => 3);
    for (const names of ['ann\nbob\n', 'cat\ndan\n']) {
      directory.load({ names, count: 2, sizes: new Map([[3, 2]]), identified: [] });
    }
    (directory.get('ann') as Account).stored = 5;
    directory.remove('dan');
    const sizes = directory.mailboxSizes();
    expect(sizes.next().value).toEqual([5, 1]);
    directory.get('bob');
    expect([...sizes]).toEqual([
      [3, 1],
      [3, 1],
    ]);
  });

  it('agrees with a sorted set whatever comes and goes', () => {
    const name = fc.string({
      unit: fc.constantFrom('0', '1', 'A', 'a', 'b'),
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), name), { maxLength: 200, size: 'max' }),
        name,
        (steps, first) => {
          const [directory, model] = [new Directory(), new Set<string>()];
          for (const [add, username] of steps) {
            if (!add) directory.remove(username);
            else if (!model.has(username)) directory.add(newAccount(username, 0));
            if (add) model.add(username);
            else model.delete(username);
          }
          expect(directory.size).toBe(model.size);
          expect(namesFrom(directory, first)).toEqual(
            [...model].filter((one) => one >= first).sort(),
          );
        },
      ),
    );
  });
});
