import { ChatError, type Resumption, Status } from '@tandem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { render } from '../display/render.ts';
import { pauseMs } from './outage.ts';
import { type CompletedRequest, type Event, initialState, type State } from './state.ts';
import type { Step } from './step.ts';
import { update } from './update.ts';

const alice: State = { ...initialState({ script: false, reconnects: true }), user: 'alice' };
const resumption: Resumption = { username: 'alice', token: 'x'.repeat(43), taken: 3 };
const lost: Event = {
  type: 'broken',
  error: new ChatError('connection-lost', 'it ended'),
  resumption,
};
const look = { terminal: true, color: false };

function play(state: State, ...events: Event[]): Step {
  let played: Step = { state, effects: [] };
  for (const event of events) {
    const next = update(played.state, event);
    played = { state: next.state, effects: [...played.effects, ...next.effects] };
  }
  return played;
}

function shown({ effects }: Step): string[] {
  return effects.flatMap((effect) =>
    effect.type === 'print' && 'text' in effect.entry ? [effect.entry.text] : [],
  );
}

function kinds({ effects }: Step): string[] {
  return effects.map(({ type }) => type).filter((type) => type !== 'print');
}

function line(text: string): Event {
  return { type: 'line', text };
}

function login(status: number, more: object = {}): Event {
  const outcome = { status, ...more } as Extract<
    CompletedRequest,
    { operation: 'login' }
  >['outcome'];
  return {
    type: 'completed',
    completed: { operation: 'login', username: 'alice', outcome, ...more },
  };
}

describe('a lost connection', () => {
  it('is made again, and the session goes on', () => {
    const began = play(alice, lost);
    expect(kinds(began)).toEqual(['reconnect']);
    expect(render(began.state, look).prompt).toBe('alice, no connection> ');
    const connected = play(began.state, { type: 'connected' });
    expect(connected.effects).toEqual([
      { type: 'request', request: { operation: 'login', username: 'alice', resumption } },
    ]);
    const back = play(connected.state, login(Status.loggedInUnread, { unread: 2 }));
    expect(back.state).toMatchObject({ user: 'alice', outage: undefined, owed: { unread: 2 } });
  });

  it('is told without what the client does by itself', () => {
    const told = 'h:1 ended the connection (reset; by h:2); connect and log in again';
    const error = new ChatError('connection-lost', told);
    expect(shown(play(alice, { ...lost, error }))[0]).toBe(
      'the connection is lost: h:1 ended the connection (reset; by h:2)',
    );
  });

  it('is tried again after each failure, which is said once', () => {
    const failed: Event = {
      type: 'connectFailed',
      error: new ChatError('connect-failed', 'nobody listens there'),
    };
    const tried = play(alice, lost, failed, failed);
    expect(tried.effects.filter(({ type }) => type === 'reconnect')).toEqual([
      { type: 'reconnect', attempt: 1 },
      { type: 'reconnect', attempt: 2 },
      { type: 'reconnect', attempt: 3 },
    ]);
    expect(shown(tried).filter((text) => text === 'nobody listens there')).toHaveLength(1);
  });

  it('pauses no longer for attempts that keys have begun', () => {
    const failed: Event = { type: 'connectFailed', error: new ChatError('connect-failed', 'no') };
    const hurried: Event = { type: 'hurried' };
    const tried = play(alice, lost, failed, hurried, failed, hurried, failed, failed);
    const attempts = tried.effects.flatMap((each) =>
      each.type === 'reconnect' ? [each.attempt] : [],
    );
    expect(attempts).toEqual([1, 2, 2, 2, 3]);
  });

  it('is said once, though the call that was under way failed too', () => {
    expect(kinds(play(alice, line('send bob hi'), lost, lost))).toEqual([
      'remember',
      'request',
      'reconnect',
    ]);
  });

  it('leaves what was sent and not answered in doubt, and sends it not again', () => {
    const doubted = play(alice, line('send bob hi'), lost);
    expect(doubted.state.inDoubt).toBe(1);
    expect(shown(doubted).join('\n')).toContain('in doubt: "hi" was sent to bob');
    const back = play(doubted.state, { type: 'connected' }, login(Status.loggedIn, { unread: 0 }));
    const requests = back.effects.flatMap((each) => (each.type === 'request' ? each.request : []));
    expect(requests.map(({ operation }) => operation)).toEqual(['login']);
  });

  it('refuses what needs a connection, and keeps it in the history', () => {
    const refused = play(play(alice, lost).state, line('send bob hi'));
    expect(kinds(refused)).toEqual(['remember']);
    expect(shown(refused).join()).toContain('no connection');
  });

  it('logs in without the session where the server has forgotten it', () => {
    const { state } = play(alice, lost, { type: 'connected' });
    const again = play(state, {
      type: 'completed',
      completed: {
        operation: 'login',
        username: 'alice',
        resumption,
        outcome: { status: Status.notResumable },
      },
    });
    expect(again.effects).toEqual([
      { type: 'request', request: { operation: 'login', username: 'alice' } },
    ]);
  });

  it('waits until the server has seen that the old session is over', () => {
    const { state } = play(alice, lost, { type: 'connected' });
    const waiting = play(state, login(Status.alreadyLoggedIn));
    expect(kinds(waiting)).toEqual(['reconnect']);
    expect(waiting.state.outage).toMatchObject({ user: 'alice', attempt: 2 });
  });

  it.each([
    [{ status: Status.unknownError }, 'something went wrong inside the server', undefined],
    [{ status: Status.tooBusy }, 'the server is too busy to log in again', undefined],
    [{ status: Status.tooBusy, retryAfterS: 42 }, 'the server is too busy to log in again', 42],
  ])(
    'waits as long as the server says where a login is answered %j',
    (outcome, words, retryAfterS) => {
      const { state } = play(alice, lost, { type: 'connected' });
      const waiting = play(state, login(outcome.status, outcome));
      expect(waiting.effects.at(-1)).toEqual({ type: 'reconnect', attempt: 2, retryAfterS });
      expect(shown(waiting).join()).toContain(words);
    },
  );

  it('logs nobody in again whose logout or delete was not answered', () => {
    const talking = { ...alice, to: 'bob' };
    const { state } = play(talking, line('/logout alice'), lost, { type: 'connected' });
    expect(state).toMatchObject({ user: undefined, outage: undefined, request: undefined });
    expect(state.to).toBeUndefined();
  });

  it.each([
    [Status.notRegistered, {}],
    [Status.notResumable, {}],
    [Status.tooManyTries, { retryAfterS: 42 }],
  ])('ends the conversation where the login is refused with %i', (status, more) => {
    const { state } = play({ ...alice, to: 'bob' }, lost, { type: 'connected' });
    const over = play(state, login(status, more), line('to bob'), line('help'));
    expect(over.state).toMatchObject({ user: undefined, outage: undefined });
    expect(render(over.state, look).prompt).toBe('> ');
    expect(shown(over).join('\n')).toMatch(/logged in to send your lines to somebody.*Commands/s);
  });

  it('goes on with the conversation, and the line that was typed, where the login wants a secret', () => {
    const talking = { ...alice, hides: true, to: 'bob' };
    const { state } = play(talking, lost, { type: 'connected' });
    const asked = play(state, login(Status.notLoggedIn)).state;
    expect(render(asked, look)).toMatchObject({ hidden: true, keepsLine: true });
    const back = play(asked, line('correct horse'), login(Status.loggedIn, { unread: 0 })).state;
    expect(render(back, look).prompt).toBe('alice, to bob> ');
    const cancelled = play(asked, line(''));
    expect(render(cancelled.state, look).prompt).toBe('> ');
  });

  it.each([
    ['the end of the input', { type: 'inputEnded' }],
    ['Ctrl-C', { type: 'interrupted', exitCode: 130, typed: false }],
    ['quit', line('quit')],
  ] as [string, Event][])('is left by %s', (_, event) => {
    expect(kinds(play(play(alice, lost).state, event))).toContain('disconnect');
  });

  it.each([
    ['a script', { ...alice, reconnects: false }, lost],
    ['what breaks the protocol', alice, { ...lost, error: new ChatError('protocol-error', '') }],
  ] as [string, State, Event][])('ends %s', (_, state, event) => {
    expect(play(state, event).state.leaving).toBe(1);
  });
});

it('pauses from 1 to 30 seconds, whatever the attempt', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random) => {
        const ms = pauseMs(attempt, random);
        expect(ms).toBeGreaterThanOrEqual(1_000);
        expect(ms).toBeLessThanOrEqual(30_000);
      },
    ),
  );
});

it('pauses at most twice as long each time, until 30 seconds', () => {
  expect([1, 2, 3, 4, 5, 6].map((attempt) => pauseMs(attempt, 1))).toEqual([
    2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
  expect(pauseMs(6, 0)).toBe(1_000);
});
