import { describe, expect, it } from 'vitest';
import { initialState, type State } from '../state/state.ts';
import { beginningWanted, complete } from './complete.ts';

const known: State = {
  ...initialState({ script: false }),
  known: new Set(['bob', 'alice', 'alfred']),
};

describe('complete', () => {
  it.each([
    ['lo', ['login ', 'logout '], 'lo'],
    ['SEA', ['search '], 'SEA'],
    ['q', ['quit'], 'q'],
    ['/lo', ['/login ', '/logout '], '/lo'],
    ['/send al', ['alfred ', 'alice '], 'al'],
    ['send al', ['alfred ', 'alice '], 'al'],
    ['send ', ['alfred ', 'alice ', 'bob '], ''],
    ['login b', ['bob'], 'b'],
    ['search al', ['alfred', 'alice'], 'al'],
    ['help lo', ['login', 'logout'], 'lo'],
    ['send alice al', [], 'send alice al'],
    ['delete al', [], 'al'],
    ['register al', [], 'register al'],
    ['nonsense al', [], 'nonsense al'],
  ])('offers for "%s" what can stand there', (line, candidates, replaced) => {
    expect(complete(known, line)).toEqual([candidates, replaced]);
  });

  it('offers usernames as the answer where one is asked for, and nothing for a message', () => {
    const question = { command: 'send', values: [], asks: 'recipient' } as const;
    expect(complete({ ...known, question }, 'al')).toEqual([['alfred', 'alice'], 'al']);
    const message = { command: 'send', values: ['bob'], asks: 'message' } as const;
    expect(complete({ ...known, question: message }, 'al')).toEqual([[], 'al']);
  });

  it('fills in what very many have in common instead of listing them', () => {
    const many = new Set(Array.from({ length: 500 }, (_, index) => `user${1000 + index}`));
    expect(complete({ ...known, known: many }, 'search u')).toEqual([['user1'], 'u']);
    expect(complete({ ...known, known: many }, 'search user1')).toEqual([[], 'user1']);
  });

  it('offers what the server found beside what was seen, each once, and nothing that is no username', () => {
    const found = ['alice', 'alma', 'al\u001b[2J', 'bert'];
    expect(complete(known, 'login al', found)).toEqual([['alfred', 'alice', 'alma'], 'al']);
  });
});

describe('beginningWanted', () => {
  const register = { command: 'register', values: [], asks: 'username' } as const;
  const recipient = { command: 'send', values: [], asks: 'recipient' } as const;
  const request = { operation: 'search', query: '' } as const;

  it.each([
    [known, 'send al', 'al'],
    [known, '/send ', ''],
    [known, 'search b', 'b'],
    [{ ...known, question: recipient }, 'bo', 'bo'],
    [known, 'send', undefined],
    [known, 'send bob al', undefined],
    [known, 'register al', undefined],
    [known, 'delete al', undefined],
    [known, 'help al', undefined],
    [known, 'search a*', undefined],
    [known, 'send a-b', undefined],
    [known, `send ${'a'.repeat(50)}`, undefined],
    [{ ...known, question: register }, 'al', undefined],
    [{ ...known, request }, 'send al', undefined],
  ])('says how the usernames begin that the server is asked for (%#)', (state, line, beginning) => {
    expect(beginningWanted(state, line)).toBe(beginning);
  });
});
