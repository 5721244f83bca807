import { endsSession, isValidUsername, Status } from '@tandem/core';
import { countUnread } from './converse.ts';
import { describeFailure } from './failure.ts';
import { cancel, isQuit, obey } from './obey.ts';
import {
  canReconnect,
  connectAgain,
  doubt,
  hurry,
  loseConnection,
  settleAgain,
  tryAgain,
} from './outage.ts';
import { describeOutcome } from './outcome.ts';
import {
  type CompletedRequest,
  type Effect,
  type Entry,
  type Event,
  knownUsernamesMax,
  linesAheadMax,
  loggedOut,
  type Owed,
  type State,
  wantsLine,
} from './state.ts';
import { refuse, type Step, step } from './step.ts';

/** Returns the state after an event, and the effects that it asks for. Pure. */
export function update(state: State, event: Event): Step {
  const first = apply(state, event);
  const effects = [...first.effects];
  let current = first.state;
  while (wantsLine(current)) {
    const next = proceed(current);
    if (next === undefined) break;
    current = next.state;
    effects.push(...next.effects);
  }
  // Each response has as long as a farewell.
  const awaits = event.type === 'line' || event.type === 'inputEnded' || event.type === 'completed';
  if (awaits && isWaitingToLeave(current)) effects.push({ type: 'startFarewell' });
  return { state: current, effects };
}

function apply(state: State, event: Event): Step {
  switch (event.type) {
    case 'line':
      return queueLine(state, event.text);
    case 'overlong':
      return refuse(
        { ...state, question: undefined },
        `a line has at most ${event.charsMax} characters; this longer one was skipped`,
      );
    case 'pasted':
      return queuePaste(state, event.lines);
    case 'inputEnded':
      return step({ ...state, inputEnded: true });
    case 'completed':
      return settle(state, event.completed);
    case 'message': {
      const { message } = event;
      return step(countUnread(learn(state, [message.sender]), message.sender), {
        type: 'print',
        entry: { kind: 'message', message },
      });
    }
    case 'taken':
      return step({ ...state, owed: payOff(state, event.message.sender) });
    case 'broken':
      // What was under way when this side closed the connection is not told.
      if (event.error.code === 'closed') return step(state);
      return canReconnect(state, event.error)
        ? loseConnection(state, event)
        : breakOff(state, describeFailure(event.error), event.error.code);
    case 'connected':
      return connectAgain(state);
    case 'connectFailed':
      return state.outage === undefined ? step(state) : tryAgain(state, state.outage, event.error);
    case 'hurried':
      return hurry(state);
    case 'interrupted':
      if (state.question !== undefined || state.pasted !== undefined) return cancel(state);
      return event.typed ? step(state) : leaveOrExit(state, event.exitCode);
    case 'terminated':
      return leaveOrExit(state, event.exitCode);
    case 'hungUp':
      return state.leaving === undefined ? leave(state, event.exitCode) : step(state);
    case 'disconnected':
      return step(state, { type: 'exit', exitCode: state.leaving ?? 0 });
    case 'farewellTimedOut':
      return giveUp(state);
  }
}

function queueLine(state: State, text: string): Step {
  if (state.leaving !== undefined) return step(state);
  // To leave, there is always room.
  if (linesAhead(state) >= linesAheadMax && (state.script || !isQuit(state, text))) {
    return refuse(state, 'too many lines are waiting for an answer; this one was skipped');
  }
  return step({ ...state, ahead: [...state.ahead, text] });
}

/** Keeps several lines that were pasted at once until it is their turn to be asked about. */
function queuePaste(state: State, lines: readonly string[]): Step {
  if (state.leaving !== undefined) return step(state);
  if (lines.length + linesAhead(state) + (state.pasted?.length ?? 0) > linesAheadMax) {
    return refuse(
      state,
      `at most ${linesAheadMax} lines wait at a time; this paste of ${lines.length} was dropped`,
    );
  }
  return step({ ...state, ahead: [...state.ahead, lines] });
}

function linesAhead({ ahead }: State): number {
  return ahead.flat().length;
}

/** Tells if somebody at a terminal wants to leave, and waits for what was asked before. */
function isWaitingToLeave(state: State): boolean {
  const { script, request, leaving, inputEnded, ahead } = state;
  if (script || request === undefined || leaving !== undefined) return false;
  return inputEnded || ahead.some((each) => typeof each === 'string' && isQuit(state, each));
}

/** The server has had its time. */
function giveUp(state: State): Step {
  if (state.leaving !== undefined) return exit(state, state.leaving);
  if (!isWaitingToLeave(state)) return step(state);
  const said = refuse(
    state,
    'the server does not answer; the chat left without logging out, and your last request may have been carried out or not',
  );
  const left = combine(said, exit(said.state, 1));
  return step(left.state, { type: 'finishInput' }, ...left.effects);
}

/** Exits without waiting any more, and says what is in doubt. */
function exit(state: State, exitCode: number): Step {
  const doubted = doubt({ ...state, leaving: exitCode });
  return step(doubted.state, ...doubted.effects, { type: 'exit', exitCode });
}

/** Takes the next line or paste that waits, or leaves when there are none and none will come. */
function proceed(state: State): Step | undefined {
  const { pasted, ahead } = state;
  // The next line is the answer about a paste; another paste waits for that.
  const at = pasted === undefined ? 0 : ahead.findIndex((each) => typeof each === 'string');
  const next = ahead[at];
  if (next === undefined) return state.inputEnded ? quit(state) : undefined;
  const taken = { ...state, ahead: ahead.toSpliced(at, 1) };
  if (typeof next !== 'string') return step({ ...taken, pasted: next });
  const obeyed = obey(taken, next);
  return obeyed.quit ? combine(obeyed, quit(obeyed.state)) : obeyed;
}

function quit(state: State): Step {
  return leave(state, state.script && state.failed ? 2 : 0);
}

/** Leaves, or exits at once where leaving has begun. */
function leaveOrExit(state: State, exitCode: number): Step {
  return state.leaving === undefined ? leave(state, exitCode) : exit(state, exitCode);
}

/** Logs out if needed and disconnects. The server is given a moment; then the client goes anyway. */
function leave(state: State, exitCode: number): Step {
  const leaving = { ...state, leaving: exitCode, question: undefined, ahead: [] };
  const farewell: Effect[] = [{ type: 'finishInput' }, { type: 'startFarewell' }];
  const { user, request } = state;
  if (user === undefined) return step(leaving, ...farewell, { type: 'disconnect' });
  if (request?.operation === 'logout' || request?.operation === 'delete') {
    return step(leaving, ...farewell);
  }
  const logout: Effect = { type: 'request', request: { operation: 'logout', username: user } };
  return step(leaving, ...farewell, logout);
}

/** The server went away: says so and leaves. What was a clean farewell is one no more. */
function breakOff(state: State, why: string, code: string): Step {
  if (state.broken) return step(state);
  const farewell: Effect[] =
    state.leaving === undefined ? [{ type: 'finishInput' }, { type: 'startFarewell' }] : [];
  const said = refuse({ ...state, broken: true, leaving: state.leaving || 1 }, why, code);
  const doubted = combine(said, doubt(said.state));
  return step(doubted.state, ...farewell, ...doubted.effects, { type: 'disconnect' });
}

function settle(state: State, completed: CompletedRequest): Step {
  const again = settleAgain(state, completed) ?? askForSecret(state, completed);
  if (again !== undefined) return again;
  if (state.outage !== undefined) return settle({ ...state, outage: undefined }, completed);
  const entries = describeOutcome(completed, state.user);
  const failed = state.failed || entries.some(({ kind }) => kind === 'refused');
  const next = { ...consequence(state, completed), request: undefined, failed };
  const shown: Entry[] = state.json ? [{ kind: 'outcome', completed, entries }] : entries;
  const effects: Effect[] = shown.map((entry) => ({ type: 'print', entry }));
  const endsSession = completed.operation === 'logout' || completed.operation === 'delete';
  if (endsSession && state.leaving !== undefined) effects.push({ type: 'disconnect' });
  return step(next, ...effects);
}

/** Asks for the secret that an account or a server wants, where that can be hidden. */
function askForSecret(state: State, completed: CompletedRequest): Step | undefined {
  const { operation } = completed;
  if (operation !== 'login' && operation !== 'register') return undefined;
  if (completed.outcome.status !== Status.notLoggedIn || completed.secret !== undefined)
    return undefined;
  if (!state.hides || state.leaving !== undefined) return undefined;
  const asks = operation === 'login' ? 'secret' : 'newSecret';
  const afterOutage = state.outage !== undefined;
  const question = { command: operation, values: [completed.username], asks, afterOutage } as const;
  return step({ ...state, request: undefined, outage: undefined, question });
}

/** Returns the state after an outcome: the user, the messages owed, the known usernames. */
function consequence(state: State, completed: CompletedRequest): State {
  if (completed.outcome.status === Status.notLoggedIn) return loggedOut(state);
  switch (completed.operation) {
    case 'register':
      return completed.outcome.status === Status.registered
        ? learn(state, [completed.username])
        : state;
    case 'login': {
      if (!('unread' in completed.outcome)) return loggedOut(state);
      const owed = { unread: completed.outcome.unread, own: 0 };
      return learn({ ...state, user: completed.username, owed }, [completed.username]);
    }
    case 'secret':
    case 'unblock':
      return state;
    case 'block':
      return completed.outcome.status === Status.blocked
        ? learn(state, [completed.username])
        : state;
    case 'search':
      return 'usernames' in completed.outcome ? learn(state, completed.outcome.usernames) : state;
    case 'send':
      return sent(state, completed.recipient, completed.outcome.status);
    case 'logout':
    case 'delete':
      return endsSession(completed.outcome.status) ? loggedOut(state) : state;
  }
}

function sent(state: State, recipient: string, status: Status): State {
  if (status !== Status.delivered && status !== Status.stored) return state;
  const toOneself = recipient === state.user && status === Status.delivered;
  const owed = toOneself ? { ...state.owed, own: state.owed.own + 1 } : state.owed;
  return learn({ ...state, owed }, [recipient]);
}

/** Unread messages come first, so one's own counts as such only once those are through. */
function payOff({ owed, user }: State, sender: string): Owed {
  if (owed.unread > 0) return { ...owed, unread: owed.unread - 1 };
  return sender === user ? { ...owed, own: owed.own - 1 } : owed;
}

function learn(state: State, usernames: readonly string[]): State {
  const unknown = usernames.filter((name) => !state.known.has(name) && isValidUsername(name));
  if (unknown.length === 0) return state;
  const known = [...state.known, ...unknown].slice(-knownUsernamesMax);
  return { ...state, known: new Set(known) };
}

function combine(one: Step, other: Step): Step {
  return { state: other.state, effects: [...one.effects, ...other.effects] };
}
