import { ChatError, Status } from '@tandem/core';
import { describe, expect, it } from 'vitest';
import { greeting, render, renderEntry } from '../display/render.ts';
import {
  type CompletedRequest,
  type Event,
  initialState,
  linesAheadMax,
  type State,
} from './state.ts';
import type { Step } from './step.ts';
import { update } from './update.ts';

const initial = initialState({ script: false });
const script = initialState({ script: true });
const alice: State = { ...initial, user: 'alice' };
const scriptOfAlice: State = { ...script, user: 'alice' };
const interrupted: Event = { type: 'interrupted', exitCode: 130, typed: false };
const interruptedTyping: Event = { ...interrupted, typed: true };

/** Plays events one after another, and keeps what they led to. */
function play(state: State, ...events: (Event | string)[]): Step {
  let played: Step = { state, effects: [] };
  for (const event of events) {
    const next = update(played.state, typeof event === 'string' ? line(event) : event);
    played = { state: next.state, effects: [...played.effects, ...next.effects] };
  }
  return played;
}

function line(text: string): Event {
  return { type: 'line', text };
}

function completion(completed: CompletedRequest): Event {
  return { type: 'completed', completed };
}

/** Returns the text that was shown, as a script would read it. */
function shown({ effects }: Step): string {
  const look = { terminal: false, color: false };
  return effects
    .flatMap((effect) => (effect.type === 'print' ? [renderEntry(effect.entry, look)] : []))
    .join('')
    .trimEnd();
}

function requests({ effects }: Step) {
  return effects.flatMap((effect) => (effect.type === 'request' ? [effect.request] : []));
}

function kinds({ effects }: Step): string[] {
  return effects.map(({ type }) => type);
}

describe('a command', () => {
  it.each([
    [initial, ['register alice'], { operation: 'register', username: 'alice' }],
    [initial, ['  LogIn   alice  '], { operation: 'login', username: 'alice' }],
    [initial, ['login', 'alice '], { operation: 'login', username: 'alice' }],
    [initial, ['search a*'], { operation: 'search', query: 'a*' }],
    [initial, ['/search a*'], { operation: 'search', query: 'a*' }],
    [initial, ['/LOGIN\talice\t'], { operation: 'login', username: 'alice' }],
    [initial, ['search', ''], { operation: 'search', query: '' }],
    [alice, ['search', 'b*'], { operation: 'search', query: 'b*' }],
    [alice, ['send bob see you'], { operation: 'send', recipient: 'bob', body: 'see you' }],
    [alice, ['send bob  hi '], { operation: 'send', recipient: 'bob', body: ' hi ' }],
    [alice, ['send', 'bob', ' hi '], { operation: 'send', recipient: 'bob', body: ' hi ' }],
    [alice, ['send bob', 'hi'], { operation: 'send', recipient: 'bob', body: 'hi' }],
    [alice, ['logout', 'alice'], { operation: 'logout', username: 'alice' }],
    [alice, ['delete alice'], { operation: 'delete', username: 'alice' }],
  ])('asks for what it needs, step by step or not (%#)', (state, lines, request) => {
    expect(requests(play(state, ...lines))).toEqual([request]);
  });

  it('asks for the recipient, then for the message', () => {
    const asked = play(alice, 'send');
    expect(asked.state.question?.asks).toBe('recipient');
    expect(play(asked.state, 'bob').state.question?.asks).toBe('message');
    expect(play(alice, 'send bob \t ').state.question?.asks).toBe('message');
  });

  it('is cancelled by an empty answer', () => {
    const cancelled = play(alice, 'send', 'bob', '');
    expect(shown(cancelled)).toBe('send was cancelled');
    expect(cancelled.state.question).toBeUndefined();
    expect(play(alice, 'delete', '').state.question).toBeUndefined();
  });

  it('waits for the answer to the one before it', () => {
    const waiting = play(initial, 'search a', 'search b', 'register carol');
    expect(requests(waiting)).toEqual([{ operation: 'search', query: 'a' }]);
    const outcome = { status: Status.notFound };
    const next = play(waiting.state, completion({ operation: 'search', query: 'a', outcome }));
    expect(requests(next)).toEqual([{ operation: 'search', query: 'b' }]);
  });

  it('is skipped when too many wait', () => {
    const lines = Array.from({ length: linesAheadMax + 2 }, () => 'search a');
    const full = play(initial, ...lines);
    expect(shown(full)).toContain('too many lines are waiting');
    expect(full.state.ahead).toHaveLength(linesAheadMax);
  });

  it('is remembered with its answers, a confirmation left out', () => {
    const remembered = (state: State, ...lines: string[]) =>
      play(state, ...lines).effects.flatMap((effect) =>
        effect.type === 'remember' ? [effect.line] : [],
      );
    expect(remembered(alice, 'SEND', 'bob', 'hi there')).toEqual(['send bob hi there']);
    expect(remembered(alice, 'delete alice')).toEqual(['delete']);
    expect(remembered(initial, 'search', '')).toEqual(['search *']);
  });
});

describe('a secret', () => {
  const hiding = initialState({ script: false, hides: true });
  const wanted = { status: Status.notLoggedIn } as const;

  it('is asked for when a login wants one, and is never remembered', () => {
    const asked = play(
      hiding,
      'login bob',
      completion({ operation: 'login', username: 'bob', outcome: wanted }),
    );
    expect(asked.state.question?.asks).toBe('secret');
    const sent = play(asked.state, ' correct horse ');
    const secret = ' correct horse ';
    expect(requests(sent)).toEqual([{ operation: 'login', username: 'bob', secret }]);
    expect(JSON.stringify([asked.effects, sent.effects]).match(/remember[^}]*/g)).toEqual([
      'remember","line":"login bob"',
    ]);
    const wrong = completion({ operation: 'login', username: 'bob', secret, outcome: wanted });
    expect(play(sent.state, wrong).state.question).toBeUndefined();
  });

  it('is asked for twice when a server wants one for a new account', () => {
    const register = { operation: 'register', username: 'bob', outcome: wanted } as const;
    const asked = play(hiding, completion(register)).state;
    expect(requests(play(asked, 'correct horse', 'correct horse'))).toEqual([
      { operation: 'register', username: 'bob', secret: 'correct horse' },
    ]);
    expect(shown(play(asked, 'correct horse', 'correct house'))).toContain('are not the same');
    expect(shown(play(asked, 'bob'))).toContain('is easy to guess');
    expect(shown(play(asked, ''))).toContain('register was cancelled');
  });

  it('is changed by asking for the one there is, and twice for the new one; an empty one removes it', () => {
    const user = { ...hiding, user: 'alice' };
    expect(requests(play(user, 'secret', 'old horse', 'new horse', 'new horse'))).toEqual([
      { operation: 'secret', current: 'old horse', secret: 'new horse' },
    ]);
    expect(requests(play(user, 'secret', 'old horse', ''))).toEqual([
      { operation: 'secret', current: 'old horse', secret: '' },
    ]);
    // What stands on the line has been seen, and is not taken.
    expect(play(user, 'secret hunter22').state.question?.asks).toBe('currentSecret');
  });

  it('is not asked for where it would be shown', () => {
    const login = completion({ operation: 'login', username: 'bob', outcome: wanted });
    expect(shown(play(initial, login))).toContain('the account bob has a secret');
    expect(shown(play(alice, 'secret'))).toContain('--secret-file');
  });
});

describe('a refusal', () => {
  it.each([
    [alice, 'register bob', 'you are already logged in as alice, please log out first'],
    [alice, 'login', 'you are already logged in as alice, please log out first'],
    [initial, 'send bob hi', 'you must be logged in to send a message'],
    [initial, 'logout', 'you must be logged in to log out'],
    [initial, 'delete alice', 'you must be logged in to delete your account'],
    [alice, 'logout bob', 'that is not your username: you are alice. Nothing was done'],
    [alice, 'delete Alice', 'that is not your username: you are alice. Nothing was done'],
    [initial, 'login al ice', 'digits: a space is not allowed'],
    [initial, 'login al\u001bice', 'digits: "\\u{1b}" is not allowed'],
    [initial, `register ${'x'.repeat(51)}`, 'at most 50 characters: that one has 51'],
    [initial, 'search a?', 'digits and *: "?" is not allowed'],
    [initial, `search ${'*'.repeat(63)}`, 'at most 50 characters: that one has 63'],
    [alice, 'send b-b hi', 'digits: "-" is not allowed'],
    [alice, `send bob ${'x'.repeat(263)}`, 'at most 262 characters: that one has 263'],
    [alice, 'send bob a|b', 'a message cannot contain |'],
    [alice, 'send bob a\nb', 'a message is one line: the line break "\\u{a}" is not allowed'],
    [alice, 'send bob a\u2028b', 'line break "\\u{2028}" is not allowed'],
    [alice, 'send bob a\u2029', 'line break "\\u{2029}" is not allowed'],
    [alice, 'send bob \u0085a', 'line break "\\u{85}" is not allowed'],
    [alice, 'send bob a\u000b', 'line break "\\u{b}" is not allowed'],
    [alice, 'send bob \u000ca', 'line break "\\u{c}" is not allowed'],
    [alice, 'send bob\u2028hi', 'letters (a-z, A-Z) and digits: "\\u{2028}" is not allowed'],
    [alice, 'send bob\u00a0hi', 'digits: "\u00a0" is not allowed'],
    [initial, 'search a\u2028', 'digits and *: "\\u{2028}" is not allowed'],
    [initial, 'login \u2003', 'digits: "\u2003" is not allowed'],
    [initial, 'login\u2028alice', 'there is no command "login\\u{2028}alice"'],
    [initial, '/serch', 'there is no command "/serch"; did you mean "search"?'],
    [alice, 'send bob caf\u00e9', '(ASCII): "\u00e9" is not allowed'],
    [alice, 'send bob a\u0007b', '(ASCII): "\\u{7}" is not allowed'],
    [initial, 'serch', 'there is no command "serch"; did you mean "search"?'],
    [initial, 'xyzzy', 'there is no command "xyzzy"; "help" shows the commands'],
    [initial, 'help snd', 'did you mean "send"?'],
  ])('says why, and asks the server nothing (%#)', (state, typed, reason) => {
    const refused = play(state, typed);
    expect(shown(refused)).toContain(reason);
    expect(requests(refused)).toEqual([]);
    expect(refused.state).toMatchObject({ failed: true, question: undefined });
  });
});

describe('a message of spaces', () => {
  it.each([' ', '   ', ' '.repeat(300)])('is refused here (%#)', (message) => {
    const refused = play(alice, 'send bob', message);
    expect(shown(refused)).toContain('a message cannot be empty, or only spaces');
    expect(requests(refused)).toEqual([]);
    expect(refused.state).toMatchObject({ failed: true, question: undefined });
  });
});

describe('an outcome', () => {
  const bob = { operation: 'send', recipient: 'bob', body: 'hi' } as const;
  const of = (status: Status) => ({ status }) as never;

  it.each<[CompletedRequest, string]>([
    [{ operation: 'register', username: 'bob', outcome: of(1) }, 'registered bob'],
    [{ operation: 'register', username: 'bob', outcome: of(2) }, 'bob already exists'],
    [
      { operation: 'login', username: 'bob', outcome: { status: 8, unread: 0 } },
      'logged in as bob; no unread messages',
    ],
    [
      { operation: 'login', username: 'bob', outcome: { status: 9, unread: 1 } },
      'logged in as bob; 1 unread message:',
    ],
    [
      { operation: 'login', username: 'bob', outcome: { status: 9, unread: 3 } },
      'logged in as bob; 3 unread messages:',
    ],
    [{ operation: 'login', username: 'bob', outcome: of(10) }, 'the user bob does not exist'],
    [{ operation: 'login', username: 'bob', outcome: of(11) }, 'already logged in somewhere else'],
    [{ operation: 'login', username: 'bob', outcome: of(121) }, 'please log out first'],
    [
      { operation: 'search', query: '', outcome: { status: 16, usernames: ['alice', 'bob'] } },
      '2 users match:\nalice\nbob',
    ],
    [
      { operation: 'search', query: '', outcome: { status: 16, usernames: ['bob'] } },
      '1 user matches:\nbob',
    ],
    [
      { operation: 'search', query: '', outcome: { status: 19, usernames: ['alice', 'bob'] } },
      'the first 2 users match:\nalice\nbob\nthe list was cut at 10000',
    ],
    [{ operation: 'search', query: '', outcome: of(17) }, 'no user matches'],
    [{ ...bob, outcome: of(24) }, 'delivered to bob'],
    [{ ...bob, outcome: of(25) }, 'the message is stored and will be delivered at the next login'],
    [{ ...bob, outcome: of(26) }, 'the user bob does not exist; the message was not sent'],
    [{ ...bob, outcome: of(27) }, 'the message could not be sent'],
    [{ ...bob, outcome: of(28) }, 'the mailbox of bob is full; the message was not sent'],
    [{ operation: 'logout', username: 'alice', outcome: of(40) }, 'logged out alice'],
    [{ operation: 'delete', username: 'alice', outcome: of(48) }, 'the account alice is deleted'],
  ])('is said in words (%#)', (completed, words) => {
    expect(shown(play(alice, completion(completed)))).toContain(words);
  });

  const operations: CompletedRequest[] = [
    { operation: 'register', username: 'bob', outcome: of(0 as Status) },
    { operation: 'login', username: 'bob', outcome: of(0 as Status) },
    { operation: 'search', query: '', outcome: of(0 as Status) },
    { ...bob, outcome: of(0 as Status) },
    { operation: 'logout', username: 'alice', outcome: of(0 as Status) },
    { operation: 'delete', username: 'alice', outcome: of(0 as Status) },
  ];
  it('120 is said of a user who may be banned, who is answered the same with the right secret', () => {
    const login = { operation: 'login', username: 'bob', outcome: { status: 120 } } as const;
    expect(shown(play(initial, completion(login)))).toContain('or the operator has banned it');
    const refused = play(initial, completion({ ...login, secret: 'correct horse' }));
    expect(shown(refused)).toBe(
      'the server does not let bob log in: the operator may have banned it',
    );
  });

  it('120 is said in words, which of a register or a login are about secrets', () => {
    const outcome = { status: Status.notLoggedIn } as const;
    for (const [operation, words] of [
      ['register', 'accounts need a secret'],
      ['login', 'the account bob has a secret'],
    ] as const) {
      const refused = play(initial, completion({ operation, username: 'bob', outcome }));
      expect(shown(refused)).toContain(words);
    }
    for (const operation of operations.slice(2)) {
      const refused = play(alice, completion({ ...operation, outcome } as CompletedRequest));
      expect(shown(refused)).toContain('the server says that you are not logged in');
      expect(refused.state.failed).toBe(true);
    }
  });

  it.each([
    [Status.noSecrets, 'this server takes no secrets'],
    [Status.badOperation, 'this server knows no secrets'],
    [Status.secretTooLong, 'a secret has at most 128 characters'],
    [Status.wrongSecret, 'there is no user bob with that secret'],
    [Status.notResumable, 'cannot be resumed'],
  ])('%i of a login is said in words', (status, words) => {
    const outcome = { status };
    const refused = play(initial, completion({ operation: 'login', username: 'bob', outcome }));
    expect(shown(refused)).toContain(words);
  });

  it('123 is said with the time to wait, where the server says it', () => {
    const outcome = { status: Status.tooBusy, retryAfterS: 1 } as const;
    for (const completed of [
      { operation: 'register', username: 'bob', outcome },
      { operation: 'search', outcome },
      { operation: 'send', recipient: 'bob', outcome },
    ] as const) {
      expect(shown(play(initial, completion(completed as never)))).toContain(
        'more than the server allows in a time; please try again after 1 second',
      );
    }
  });

  it('119 is said with the time to wait', () => {
    const outcome = { status: Status.tooManyTries, retryAfterS: 42 } as const;
    const refused = play(initial, completion({ operation: 'login', username: 'bob', outcome }));
    expect(shown(refused)).toContain('please try again after 42 seconds');
  });

  it.each([
    [Status.invalidContent, 'the server refused that as not valid'],
    [Status.tooBusy, 'the server is too busy; please try again later'],
    [Status.unknownError, 'something went wrong inside the server'],
  ])('%i is said in words, whatever was asked', (status, words) => {
    for (const operation of operations) {
      const refused = play(
        alice,
        completion({ ...operation, outcome: of(status) } as CompletedRequest),
      );
      expect(shown(refused)).toContain(words);
      expect(refused.state.failed).toBe(true);
    }
  });

  it('says who is logged in from then on', () => {
    const outcome = { status: Status.loggedIn, unread: 0 } as const;
    const bobIsIn = play(
      initial,
      completion({ operation: 'login', username: 'bob', outcome }),
    ).state;
    expect(bobIsIn.user).toBe('bob');
    const left = completion({ operation: 'logout', username: 'bob', outcome: of(40) });
    expect(play(bobIsIn, left).state.user).toBeUndefined();
    for (const [operation, doubt] of [
      ['logout', 'you are logged out, and messages that you have read may come again'],
      ['delete', 'you are logged out, and the account may still be there'],
    ] as const) {
      const failed = completion({ operation, username: 'bob', outcome: of(Status.unknownError) });
      const over = play(bobIsIn, failed);
      expect(over.state).toMatchObject({ user: undefined, failed: true });
      expect(shown(over)).toContain(doubt);
    }
    const unknown = completion({ ...bob, outcome: of(120) });
    expect(play(bobIsIn, unknown).state.user).toBeUndefined();
  });

  it('of a message to oneself is its arrival alone', () => {
    const own = play(alice, completion({ ...bob, recipient: 'alice', outcome: of(24) }));
    expect(shown(own)).toBe('');
    const message = { sender: 'alice', body: 'hi' };
    expect(shown(play(own.state, { type: 'message', message }))).toBe('alice: hi');
  });
});

describe('a conversation', () => {
  const json: State = {
    ...scriptOfAlice,
    json: () => ({ draft: { command: 'search', values: ['a'] }, secrets: undefined }),
  };

  it('takes an object of a program for a command, and other lines for messages', () => {
    const talking = play(json, 'to bob').state;
    expect(requests(play(talking, ' {"command":"search"}'))).toEqual([
      { operation: 'search', query: 'a' },
    ]);
    expect(requests(play({ ...talking, json: undefined }, '{x'))).toEqual([
      { operation: 'send', recipient: 'bob', body: '{x' },
    ]);
  });

  it.each([[[]], [['']], [[' \t']]])('has no reply of %j in an object', (values) => {
    const parsed = { draft: { command: 'reply', values }, secrets: undefined } as const;
    const refused = play({ ...json, lastFrom: 'bob', json: () => parsed }, '{}');
    expect(shown(refused)).toContain('reply needs a message');
    expect(refused.state.to).toBeUndefined();
  });

  it('is only of somebody who is logged in', () => {
    expect(shown(play(initial, 'to bob'))).toContain(
      'you must be logged in to send your lines to somebody',
    );
    const left = play({ ...initial, to: 'bob' }, 'help');
    expect(shown(left)).toContain('Commands');
  });

  it('has nothing in doubt any more in the status line once the history is shown', () => {
    expect(play({ ...alice, inDoubt: 2 }, 'history').state.inDoubt).toBe(0);
    expect(play({ ...alice, inDoubt: 2 }, 'history bob').state.inDoubt).toBe(2);
  });
});

describe('a paste', () => {
  const pasted: Event = { type: 'pasted', lines: ['one', 'two'] };
  const again: Event = { type: 'pasted', lines: ['three', 'four', 'five'] };
  const prompt = ({ state }: Step) => render(state, { terminal: true, color: false }).prompt;
  const found = completion({ operation: 'search', query: '', outcome: { status: 17 } });

  it('is asked about before what was asked, and never is its answer', () => {
    const asked = play(alice, 'send bob', pasted);
    expect(prompt(asked)).toBe('act on these 2 lines? (yes or no) ');
    const dropped = play(asked.state, 'no');
    expect(requests(dropped)).toEqual([]);
    expect(prompt(dropped)).toBe('message: ');
    expect(requests(play(asked.state, 'yes'))).toEqual([
      { operation: 'send', recipient: 'bob', body: 'one' },
    ]);
    expect(prompt(play(asked.state, interrupted))).toBe('message: ');
  });

  it('waits for the lines before it, which are no answer about it', () => {
    const waiting = play(alice, 'search', '', 'search yes', pasted);
    expect(prompt(waiting)).toBe('alice> ');
    const asked = play(waiting.state, found, found);
    expect(requests(asked)).toEqual([{ operation: 'search', query: 'yes' }]);
    expect(prompt(asked)).toBe('act on these 2 lines? (yes or no) ');
  });

  it('waits for the answer about the one before it', () => {
    const both = play({ ...alice, to: 'bob' }, pasted, again);
    expect(prompt(both)).toBe('act on these 2 lines? (yes or no) ');
    const second = play(both.state, 'no');
    expect(prompt(second)).toBe('act on these 3 lines? (yes or no) ');
    expect(requests(play(second.state, 'yes'))).toEqual([
      { operation: 'send', recipient: 'bob', body: 'three' },
    ]);
    expect(play(both.state, { type: 'inputEnded' }).state.leaving).toBe(0);
  });

  it('is dropped when too many lines wait', () => {
    const lines = Array.from({ length: linesAheadMax - 1 }, () => 'search a');
    const full = play(alice, { type: 'pasted', lines }, pasted);
    expect(shown(full)).toContain('this paste of 2 was dropped');
    expect(prompt(play(full.state, 'no'))).toBe('alice> ');
  });
});

describe('Ctrl-C', () => {
  it('takes back the question, whatever was typed to it', () => {
    for (const typed of ['send', 'send bob', 'login', 'search', 'delete', 'logout']) {
      for (const event of [interrupted, interruptedTyping]) {
        const state = typed === 'login' ? initial : alice;
        const cancelled = play(state, typed, event);
        expect(shown(cancelled)).toBe(`${typed.split(' ')[0]} was cancelled`);
        expect(cancelled.state).toEqual(state);
      }
    }
  });

  it('is no more than the cleared line when something was typed', () => {
    expect(play(alice, interruptedTyping)).toEqual({ state: alice, effects: [] });
    const waiting = play(alice, 'search a').state;
    expect(play(waiting, interruptedTyping)).toEqual({ state: waiting, effects: [] });
  });

  it('leaves at an empty prompt, as SIGTERM does anywhere', () => {
    expect(play(alice, interrupted).state.leaving).toBe(130);
    expect(play(alice, 'send', interrupted, interrupted).state.leaving).toBe(130);
    expect(play(alice, 'send', { type: 'terminated', exitCode: 143 }).state.leaving).toBe(143);
  });
});

describe('leaving', () => {
  const logout = completion({ operation: 'logout', username: 'alice', outcome: { status: 40 } });

  const nobody = {
    operation: 'search',
    query: 'a',
    outcome: { status: Status.notFound },
  } as const;

  it('logs out, then disconnects, then exits with 0', () => {
    for (const typed of ['quit', 'BYE', 'disconnect']) {
      const quit = play(alice, typed);
      expect(kinds(quit)).toEqual(['finishInput', 'startFarewell', 'request']);
      const out = play(quit.state, logout);
      expect(kinds(out)).toEqual(['print', 'disconnect']);
      const { effects } = play(out.state, { type: 'disconnected' });
      expect(effects).toEqual([{ type: 'exit', exitCode: 0 }]);
    }
  });

  it('needs no logout when nobody is logged in', () => {
    expect(kinds(play(initial, 'quit'))).toEqual(['finishInput', 'startFarewell', 'disconnect']);
  });

  it('does not wait for a server that does not answer', () => {
    const { state } = play(alice, interrupted);
    const { effects } = play(state, { type: 'farewellTimedOut' });
    expect(effects).toEqual([{ type: 'exit', exitCode: 130 }]);
  });

  it('is awaited no longer than a farewell, where the server does not answer what was asked before', () => {
    for (const leaving of [line('quit'), line('/Bye '), { type: 'inputEnded' } as const]) {
      const silent = play(alice, 'search a', 'search b', leaving);
      expect(kinds(silent).at(-1)).toBe('startFarewell');
      const late = play(silent.state, completion(nobody));
      expect(kinds(late)).toContain('startFarewell');
      const gone = play(late.state, { type: 'farewellTimedOut' });
      expect(shown(gone)).toContain('the server does not answer');
      expect(gone.effects.at(-1)).toEqual({ type: 'exit', exitCode: 1 });
      const left = play(late.state, completion({ ...nobody, query: 'b' }), logout);
      expect(play(left.state, { type: 'disconnected' }).effects.at(-1)).toEqual({
        type: 'exit',
        exitCode: 0,
      });
    }
  });

  it('is possible when too many lines wait', () => {
    const full = play(initial, ...Array.from({ length: linesAheadMax + 2 }, () => 'search a'));
    expect(kinds(play(full.state, 'quit'))).toEqual(['startFarewell']);
  });

  it('is no matter of a message that says quit, nor of a script', () => {
    const asked = play(alice, 'search a', 'send bob', 'quit', completion(nobody));
    expect(requests(asked).at(-1)).toEqual({ operation: 'send', recipient: 'bob', body: 'quit' });
    expect(play(asked.state, { type: 'farewellTimedOut' }).effects).toEqual([]);
    expect(kinds(play(scriptOfAlice, 'search a', 'quit', { type: 'inputEnded' }))).not.toContain(
      'startFarewell',
    );
  });

  it('happens at once on a second interrupt, not on a hang-up', () => {
    const { state } = play(alice, interrupted);
    expect(play(state, { type: 'hungUp', exitCode: 129 }).effects).toEqual([]);
    const { effects } = play(state, { type: 'terminated', exitCode: 143 });
    expect(effects).toEqual([{ type: 'exit', exitCode: 143 }]);
  });

  it('sends no second logout while one is under way', () => {
    expect(requests(play(alice, 'logout alice', { type: 'inputEnded' }))).toHaveLength(1);
    const left = play(alice, 'delete alice', interrupted);
    expect(requests(left)).toEqual([{ operation: 'delete', username: 'alice' }]);
  });

  it('exits with 1 when the server goes away, said once', () => {
    const broken: Event = { type: 'broken', error: new ChatError('connection-lost', 'it ended') };
    const gone = play(alice, 'send', 'bob', broken, broken);
    expect(shown(gone).split('\n')).toHaveLength(1);
    expect(shown(gone)).toContain('the server is gone: it ended. Unread messages wait');
    const { effects } = play(gone.state, { type: 'disconnected' });
    expect(effects).toEqual([{ type: 'exit', exitCode: 1 }]);
  });

  const broken: Event = { type: 'broken', error: new ChatError('connection-lost', 'it ended') };
  const timedOut: Event = { type: 'farewellTimedOut' };

  it.each<[string, State, Event[]]>([
    ['a lost connection', alice, [broken, broken]],
    ['a lost connection of a script', scriptOfAlice, [broken, broken]],
    ['a server that does not answer', alice, [{ type: 'inputEnded' }, timedOut]],
    ['a farewell that took too long', alice, [interrupted, timedOut]],
    ['a second Ctrl-C', alice, [interrupted, interrupted]],
  ])('by %s says once that what was sent and not answered is in doubt', (_, state, events) => {
    const left = play(state, 'send bob hi', ...events);
    expect(shown(left).match(/in doubt: "hi" was sent to bob/g)).toHaveLength(1);
    expect(left.state).toMatchObject({ inDoubt: 1, request: undefined });
    expect(shown(play(state, 'search a', ...events))).not.toContain('in doubt');
  });

  it('exits with 1 when the server goes away during the farewell', () => {
    expect(play(alice, 'quit', broken).state.leaving).toBe(1);
  });
});

describe('a script', () => {
  it('exits with 2 when something was refused, with 0 otherwise', () => {
    expect(play(script, 'search a?', { type: 'inputEnded' }).state.leaving).toBe(2);
    expect(play(script, 'help', { type: 'inputEnded' }).state.leaving).toBe(0);
    expect(play(initial, 'search a?', 'quit').state.leaving).toBe(0);
  });

  it.each([
    [script, 'register', 'register needs a username on its line'],
    [script, 'login \t', 'login needs a username on its line'],
    [scriptOfAlice, 'send', 'send needs a username and a message on its line'],
    [scriptOfAlice, 'send bob ', 'send needs a message on its line'],
    [scriptOfAlice, 'logout', 'logout needs your username on its line'],
    [scriptOfAlice, 'DELETE', 'delete needs your username on its line'],
  ])('is asked nothing: the next line is its next command (%#)', (state, typed, problem) => {
    const played = play(state, typed, 'help', { type: 'inputEnded' });
    expect(shown(played)).toContain(problem);
    expect(shown(played)).toContain('Commands');
    expect(played.state).toMatchObject({ leaving: 2, question: undefined });
  });

  it('searches for everybody when it says no query', () => {
    expect(requests(play(script, 'search'))).toEqual([{ operation: 'search', query: '' }]);
    expect(requests(play(script, '  SEARCH  '))).toEqual([{ operation: 'search', query: '' }]);
  });

  it('takes no line before the unread messages were shown and taken', () => {
    const outcome = { status: Status.loggedInUnread, unread: 1 } as const;
    const login = completion({ operation: 'login', username: 'alice', outcome });
    const waiting = play(script, 'login alice', login, { type: 'inputEnded' });
    expect(requests(waiting)).toHaveLength(1);
    const message = { sender: 'bob', body: 'hi' };
    const printed = play(waiting.state, { type: 'message', message });
    expect(requests(printed)).toEqual([]);
    expect(requests(play(printed.state, { type: 'taken', message }))).toEqual([
      { operation: 'logout', username: 'alice' },
    ]);
  });

  it('waits for its message to itself, which may come before the answer to its send', () => {
    const message = { sender: 'alice', body: 'hi' };
    const sent = { operation: 'send', recipient: 'alice', body: 'hi' } as const;
    const send = completion({ ...sent, outcome: { status: Status.delivered } });
    const started = play({ ...script, user: 'alice' }, 'send alice hi', { type: 'inputEnded' });
    for (const events of [
      [send, { type: 'taken', message }],
      [{ type: 'taken', message }, send],
    ] as Event[][]) {
      const [first, second] = events.map((_, index) =>
        requests(play(started.state, ...events.slice(0, index + 1))),
      );
      expect(first).toEqual([]);
      expect(second).toEqual([{ operation: 'logout', username: 'alice' }]);
    }
  });

  it('prints nothing but messages in the form of a message', () => {
    const looksLikeMessage = /^[A-Za-z0-9]+: /m;
    const help = shown(play(script, 'help', 'help send'));
    const hello = renderEntry(greeting('127.0.0.1:1 over sockets'), {
      terminal: false,
      color: false,
    });
    for (const text of [help, hello]) expect(text).not.toMatch(looksLikeMessage);
  });
});
