import { type ChatError, Status } from '@tandem/core';
import { printable } from './printable.ts';
import type { Answer, Effect, Event, Outage, Request, State } from './state.ts';
import { refuse, type Step, say, step } from './step.ts';

/** The longest and the shortest pause between two attempts to connect, in milliseconds. */
const pauseMsMax = 30_000;
const pauseMsMin = 1_000;

const help =
  'trying again until it is back; a key tries at once, and Ctrl-C on an empty line leaves';

/**
 * Returns the pause before an attempt to connect again, in milliseconds: from a second to a limit that
 * doubles with each attempt, up to 30 seconds. It is random over all of that range, so that clients that
 * lost the same server do not come back together.
 *
 * @param attempt 1 for the first
 * @param random a number from 0 to 1
 */
export function pauseMs(attempt: number, random: number): number {
  const limit = Math.min(pauseMsMax, pauseMsMin * 2 ** attempt);
  return Math.round(pauseMsMin + random * (limit - pauseMsMin));
}

/** Tells if a connection that broke so is made again. What breaks the protocol would break it again. */
export function canReconnect(state: State, { code }: ChatError): boolean {
  return state.reconnects && state.leaving === undefined && code !== 'protocol-error';
}

/** Begins an outage, or goes on with the one that there is. What was not answered is in doubt. */
export function loseConnection(
  state: State,
  { error, resumption }: Extract<Event, { type: 'broken' }>,
): Step {
  const { outage } = state;
  if (outage !== undefined) return outage.connected ? tryAgain(state, outage, error) : step(state);
  const begun: Outage = {
    ...whoGoesOn(state),
    resumption,
    attempt: 1,
    said: error.message,
    connected: false,
  };
  const lost = { ...state, user: undefined, request: undefined, outage: begun };
  const said = refuse(lost, printable(`the connection is lost: ${error.message}`));
  const doubt = describeDoubt(state.request);
  const doubted = doubt === undefined ? said : combine(said, refuse(said.state, doubt));
  const inDoubt = state.inDoubt + (state.request?.operation === 'send' ? 1 : 0);
  const next = say({ ...doubted.state, inDoubt, owed: { unread: 0, own: 0 } }, help);
  return combine(combine(doubted, next), step(next.state, { type: 'reconnect', attempt: 1 }));
}

/** Counts an attempt that failed, and says why where that is new. */
export function tryAgain(state: State, outage: Outage, error: ChatError): Step {
  const attempt = outage.attempt + 1;
  const next = { ...outage, attempt, said: error.message, connected: false };
  const failed = { ...state, request: undefined, outage: next };
  const again: Effect = { type: 'reconnect', attempt };
  if (error.message === outage.said) return step(failed, again);
  const said = refuse(failed, printable(error.message));
  return combine(said, step(said.state, again));
}

/** Goes on with the session, or logs in again, now that there is a connection. */
export function connectAgain(state: State): Step {
  const { outage } = state;
  if (outage === undefined || state.leaving !== undefined) return step(state);
  const { user: username, resumption } = outage;
  if (username === undefined) return say({ ...state, outage: undefined }, 'connected again');
  return logIn(
    { ...state, outage: { ...outage, connected: true } },
    { operation: 'login', username, resumption },
  );
}

/** Takes the answer to the login after an outage. Returns undefined where it is one like any other. */
export function settleAgain(state: State, answer: Answer): Step | undefined {
  const { outage } = state;
  if (outage === undefined || answer.operation !== 'login') return undefined;
  const { status } = answer.outcome;
  if (status === Status.notResumable && answer.resumption !== undefined) {
    // The server has forgotten the session: the user begins another.
    const forgotten = { ...outage, resumption: undefined };
    return logIn(
      { ...state, outage: forgotten },
      { operation: 'login', username: answer.username },
    );
  }
  const mayPass =
    status === Status.alreadyLoggedIn ||
    status === Status.tooBusy ||
    status === Status.unknownError;
  if (!mayPass) return undefined;
  const attempt = outage.attempt + 1;
  const why =
    status === Status.alreadyLoggedIn
      ? `the server still has the old session of ${answer.username}; trying again until it has seen that it is over`
      : 'the server is too busy to log in again; trying again';
  const waiting = { ...outage, attempt, said: why, connected: false };
  const next = { ...state, request: undefined, outage: waiting };
  const again: Effect = { type: 'reconnect', attempt };
  if (outage.said === why) return step(next, again);
  const said = say(next, why);
  return combine(said, step(said.state, again));
}

/** Says that there is no connection to do something with. */
export function refuseOffline(state: State): Step {
  return refuse(
    state,
    'there is no connection to the server, so nothing was done; the up arrow brings the line back',
  );
}

function logIn(state: State, request: Request): Step {
  return step({ ...state, request }, { type: 'request', request });
}

/** Returns who is to be logged in again: nobody whose logout or delete was not answered. */
function whoGoesOn({ user, request }: State): Pick<Outage, 'user'> {
  const ends = request?.operation === 'logout' || request?.operation === 'delete';
  return { user: ends ? undefined : user };
}

function describeDoubt(request: Request | undefined): string | undefined {
  if (request === undefined) return undefined;
  switch (request.operation) {
    case 'send':
      return `in doubt: "${printable(request.body)}" was sent to ${request.recipient} and not answered; it may have arrived or not, and is not sent again`;
    case 'search':
    case 'login':
      return `${request.operation} was not answered; please say it again`;
    case 'secret':
      return 'in doubt: the secret may have been changed or not';
    default:
      return `in doubt: ${request.operation} ${request.username} was not answered; it may have been done or not`;
  }
}

function combine(one: Step, other: Step): Step {
  return { state: other.state, effects: [...one.effects, ...other.effects] };
}
