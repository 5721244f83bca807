import { type ChatError, Status } from '@tandem/core';
import { printable } from '../printable.ts';
import {
  type CompletedRequest,
  type Effect,
  type Event,
  loggedOut,
  nothingOwed,
  type Outage,
  type Request,
  type State,
} from './state.ts';
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

/** Begins an outage, or goes on with the one that there is. A request without a response is in doubt. */
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
  const goesOn = begun.user === undefined ? loggedOut(state) : { ...state, user: undefined };
  // Behind the last semicolon is what to do, which this client does by itself.
  const [what] = error.message.split(/; (?!.*; )/);
  const said = refuse(goesOn, printable(`the connection is lost: ${what}`));
  const doubted = combine(said, loseRequest(said.state));
  const next = say({ ...doubted.state, owed: nothingOwed, outage: begun }, help);
  return combine(combine(doubted, next), step(next.state, { type: 'reconnect', attempt: 1 }));
}

/** Says that a request without a response is in doubt, if it is, and counts such sends. */
export function doubt(state: State): Step {
  const { request } = state;
  const inDoubt = state.inDoubt + (request?.operation === 'send' ? 1 : 0);
  const text = describeDoubt(request);
  const next = { ...state, request: undefined, inDoubt };
  return text === undefined ? step(next) : refuse(next, text, 'in-doubt');
}

/** Says what became of a request without a response, where a client stays. */
function loseRequest(state: State): Step {
  const operation = state.request?.operation;
  if (operation !== 'search' && operation !== 'login') return doubt(state);
  return refuse(
    { ...state, request: undefined },
    `${operation} got no response; please enter it again`,
  );
}

/** Leaves an attempt that a key has begun uncounted: it makes the next pause no longer. */
export function hurry(state: State): Step {
  const { outage } = state;
  if (outage === undefined) return step(state);
  return step({ ...state, outage: { ...outage, attempt: outage.attempt - 1 } });
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
  if (username === undefined) {
    return say({ ...loggedOut(state), outage: undefined }, 'connected again');
  }
  return logIn(
    { ...state, outage: { ...outage, connected: true } },
    { operation: 'login', username, resumption },
  );
}

/** Takes the outcome of the login after an outage. Returns undefined where it is one like any other. */
export function settleAgain(state: State, completed: CompletedRequest): Step | undefined {
  const { outage } = state;
  if (outage === undefined || completed.operation !== 'login') return undefined;
  const { status } = completed.outcome;
  if (status === Status.notResumable && completed.resumption !== undefined) {
    // The server has forgotten the session: the user begins another.
    const forgotten = { ...outage, resumption: undefined };
    return logIn(
      { ...state, outage: forgotten },
      { operation: 'login', username: completed.username },
    );
  }
  const why = describePassing(status, completed.username);
  if (why === undefined) return undefined;
  const attempt = outage.attempt + 1;
  const waiting = { ...outage, attempt, said: why, connected: false };
  const next = { ...state, request: undefined, outage: waiting };
  const retryAfterS =
    'retryAfterS' in completed.outcome ? completed.outcome.retryAfterS : undefined;
  const again: Effect = { type: 'reconnect', attempt, retryAfterS };
  if (outage.said === why) return step(next, again);
  const said = say(next, why);
  return combine(said, step(said.state, again));
}

/** Says why a login is tried again; undefined where another try would have the same outcome. */
function describePassing(status: Status, username: string): string | undefined {
  switch (status) {
    case Status.alreadyLoggedIn:
      return `the server still has the old session of ${username}; trying again until it has seen that it is over`;
    case Status.tooBusy:
      return 'the server is too busy to log in again; trying again';
    case Status.unknownError:
      return 'something went wrong inside the server at the login; trying again';
    default:
      return undefined;
  }
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

/** Returns who is to be logged in again: nobody whose logout or delete has no response. */
function whoGoesOn({ user, request }: State): Pick<Outage, 'user'> {
  const ends = request?.operation === 'logout' || request?.operation === 'delete';
  return { user: ends ? undefined : user };
}

/** Says what may have been done of a request without a response; undefined where that does not matter. */
export function describeDoubt(request: Request | undefined): string | undefined {
  if (request === undefined) return undefined;
  switch (request.operation) {
    case 'send':
      return `in doubt: "${printable(request.body)}" was sent to ${request.recipient} and not answered; it may have arrived or not, and is not sent again`;
    case 'search':
    case 'login':
      return undefined;
    case 'secret':
      return 'in doubt: the secret may have been changed or not';
    default:
      return `in doubt: ${request.operation} ${request.username} was not answered; it may have been done or not`;
  }
}

function combine(one: Step, other: Step): Step {
  return { state: other.state, effects: [...one.effects, ...other.effects] };
}
