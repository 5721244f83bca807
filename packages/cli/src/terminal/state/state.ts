import type {
  BlockOutcome,
  ChangeSecretOutcome,
  ChatError,
  DeleteOutcome,
  LoginOutcome,
  LogoutOutcome,
  Message,
  RegisterOutcome,
  Resumption,
  SearchOutcome,
  SendOutcome,
} from '@tandem/core';
import type { Draft, Field } from '../commands/command.ts';
import type { JsonCommand } from '../commands/json-command.ts';
import { defaultSettings, type Settings } from '../commands/setting.ts';
import type { SeenMessage } from '../display/message-history.ts';

/** Everything that the terminal client knows. */
export interface State {
  /** Lines come from a script rather than from somebody at a terminal. */
  readonly script: boolean;
  /** True when what is typed can be hidden, so that secrets can be asked for. */
  readonly hides: boolean;
  /** Reads a line that is a JSON object, for a program, which is told each outcome whole; undefined for people. */
  readonly json: ((line: string) => JsonCommand) | undefined;
  /** The user who is logged in. */
  readonly user: string | undefined;
  /** The command whose next field is being asked for. A script is asked nothing. */
  readonly question: Question | undefined;
  /** The request whose response has not come. */
  readonly request: Request | undefined;
  /** Messages that the server said are there and that have not been shown. */
  readonly owed: Owed;
  /** Lines, and pastes of several, that came while a response was awaited, at most {@link linesAheadMax} lines. */
  readonly ahead: readonly (string | readonly string[])[];
  /** No more lines will come. */
  readonly inputEnded: boolean;
  /** Some command was refused or did not do what it says. */
  readonly failed: boolean;
  /** The exit code, once the client is on its way out. */
  readonly leaving: number | undefined;
  /** The connection broke for good. */
  readonly broken: boolean;
  /** A connection that is lost is made again. */
  readonly reconnects: boolean;
  /** The connection is lost and is being made again; undefined while there is one. */
  readonly outage: Outage | undefined;
  /** Sends whose response had not come when a connection was lost. */
  readonly inDoubt: number;
  /** The user to whom lines go that are no commands. */
  readonly to: string | undefined;
  /** The other user who wrote last. */
  readonly lastFrom: string | undefined;
  /** The number of messages of each other user since lines go to one. */
  readonly unreadOf: ReadonlyMap<string, number>;
  /** The lines of a paste, which are asked about before any of them is acted upon. */
  readonly pasted: readonly string[] | undefined;
  readonly settings: Settings;
  /** Usernames that tab completes, the last seen last, at most {@link knownUsernamesMax}. */
  readonly known: ReadonlySet<string>;
}

/** A command, and its field that is asked for. */
export interface Question extends Draft {
  readonly asks: Field;
  /** The client asks by itself, to log in again: a line may be half typed. */
  readonly afterOutage?: boolean;
}

/** A lost connection, and what is to go on when there is one again. */
export interface Outage {
  /** The user who was logged in, and is to be again. */
  readonly user: string | undefined;
  /** The session that goes on, where it began with a secret. */
  readonly resumption: Resumption | undefined;
  /** The number of the attempt that is under way or next, from 1. One that a key has begun does not count. */
  readonly attempt: number;
  /** The failure that was shown last. */
  readonly said: string;
  /** There is a connection, and the login has no response yet. */
  readonly connected: boolean;
}

/** Messages that the server said are there and that have not been shown. */
export interface Owed {
  /** Unread at the login. */
  readonly unread: number;
  /** Sent by the user to themselves. Negative where a message came before the response to its send. */
  readonly own: number;
}

/** The most lines that wait while a response is awaited. */
export const linesAheadMax = 1000;

/** The most usernames that tab completion remembers. */
export const knownUsernamesMax = 2000;

/** A request to the server. */
export type Request =
  | {
      readonly operation: 'register' | 'login';
      readonly username: string;
      readonly secret?: string | undefined;
      /** A login that goes on with a session. */
      readonly resumption?: Resumption | undefined;
    }
  | { readonly operation: 'secret'; readonly current: string; readonly secret: string }
  | { readonly operation: 'block' | 'unblock'; readonly username: string }
  | { readonly operation: 'search'; readonly query: string }
  | { readonly operation: 'send'; readonly recipient: string; readonly body: string }
  | { readonly operation: 'logout' | 'delete'; readonly username: string };

/** A request to the server and its outcome. */
export type CompletedRequest =
  | {
      operation: 'register';
      username: string;
      secret?: string | undefined;
      outcome: RegisterOutcome;
    }
  | {
      operation: 'login';
      username: string;
      secret?: string | undefined;
      resumption?: Resumption | undefined;
      outcome: LoginOutcome;
    }
  | { operation: 'secret'; current: string; secret: string; outcome: ChangeSecretOutcome }
  | { operation: 'block' | 'unblock'; username: string; outcome: BlockOutcome }
  | { operation: 'search'; query: string; outcome: SearchOutcome }
  | { operation: 'send'; recipient: string; body: string; outcome: SendOutcome }
  | { operation: 'logout'; username: string; outcome: LogoutOutcome }
  | { operation: 'delete'; username: string; outcome: DeleteOutcome };

/** An event that the client acts upon. */
export type Event =
  /** A line was typed or read. */
  | { readonly type: 'line'; readonly text: string }
  /** A line of a script was too long to keep. */
  | { readonly type: 'overlong'; readonly charsMax: number }
  /** There will be no more lines. */
  | { readonly type: 'inputEnded' }
  /** Several lines were pasted at once. */
  | { readonly type: 'pasted'; readonly lines: readonly string[] }
  | { readonly type: 'completed'; readonly completed: CompletedRequest }
  | { readonly type: 'message'; readonly message: Message }
  /** A message that was shown is acknowledged, or about to be before anything else is said. */
  | { readonly type: 'taken'; readonly message: Message }
  /** @param resumption the session that can go on on another connection */
  | {
      readonly type: 'broken';
      readonly error: ChatError;
      readonly resumption?: Resumption | undefined;
    }
  /** There is a connection again. */
  | { readonly type: 'connected' }
  | { readonly type: 'connectFailed'; readonly error: ChatError }
  /** A key ended the pause before an attempt to connect. */
  | { readonly type: 'hurried' }
  /** Ctrl-C or SIGINT. @param typed text was on the line, which the console has cleared */
  | { readonly type: 'interrupted'; readonly exitCode: number; readonly typed: boolean }
  /** SIGTERM: leave; said again, leave at once. */
  | { readonly type: 'terminated'; readonly exitCode: number }
  /** The terminal, or whoever read the output, is gone: leave. */
  | { readonly type: 'hungUp'; readonly exitCode: number }
  | { readonly type: 'disconnected' }
  | { readonly type: 'farewellTimedOut' };

/** An action that the client asks for. */
export type Effect =
  | { readonly type: 'print'; readonly entry: Entry }
  | { readonly type: 'request'; readonly request: Request }
  /** Show the messages that were seen, or those with one user. */
  | { readonly type: 'showHistory'; readonly name: string | undefined }
  /** Put a line into the history. */
  | { readonly type: 'remember'; readonly line: string }
  /** Give the terminal back: no line will be read any more. */
  | { readonly type: 'finishInput' }
  /** Say `farewellTimedOut` when leaving, or a response before it, takes too long from now on. */
  | { readonly type: 'startFarewell' }
  | { readonly type: 'disconnect' }
  /** Drop the connection if there is one, pause, and connect. @param retryAfterS the shortest pause, in seconds */
  | {
      readonly type: 'reconnect';
      readonly attempt: number;
      readonly retryAfterS?: number | undefined;
    }
  | { readonly type: 'exit'; readonly exitCode: number };

/** One thing to show. */
export type Entry =
  | { readonly kind: 'message'; readonly message: Message }
  /** A text about something that was done, or is so. */
  | { readonly kind: 'said'; readonly text: string }
  /** A text about something that was not done, and why. */
  /** @param code the stable code of the failure, for programs */
  | { readonly kind: 'refused'; readonly text: string; readonly code?: string }
  /** A request with its outcome, for programs, and the outcome in words. */
  | {
      readonly kind: 'outcome';
      readonly completed: CompletedRequest;
      readonly entries: readonly Entry[];
    }
  | { readonly kind: 'names'; readonly usernames: readonly string[] }
  /** Messages that were seen earlier. */
  | { readonly kind: 'seen'; readonly messages: readonly SeenMessage[] };

/** Returns the state of a client that has connected: nobody is logged in. */
export function initialState(options: {
  script: boolean;
  hides?: boolean;
  json?: State['json'];
  reconnects?: boolean;
  settings?: Settings;
}): State {
  return {
    hides: false,
    json: undefined,
    ...options,
    reconnects: options.reconnects ?? false,
    user: undefined,
    question: undefined,
    request: undefined,
    owed: nothingOwed,
    ahead: [],
    inputEnded: false,
    failed: false,
    leaving: undefined,
    broken: false,
    outage: undefined,
    inDoubt: 0,
    to: undefined,
    lastFrom: undefined,
    unreadOf: new Map(),
    pasted: undefined,
    settings: options.settings ?? defaultSettings,
    known: new Set(),
  };
}

/** No message is on its way that we know of. */
export const nothingOwed: Owed = { unread: 0, own: 0 };

/** Returns the state of a client that has nobody logged in any more: lines go to nobody either. */
export function loggedOut(state: State): State {
  return { ...state, user: undefined, owed: nothingOwed, to: undefined, unreadOf: new Map() };
}

/**
 * Tells if the client can take the next line now. It cannot while a response is awaited; nor, in a
 * script, while messages that are known to be there have not been shown: what a script prints then
 * has one order, and a `logout` right after a `login` does not race past the unread messages.
 */
export function wantsLine(state: State): boolean {
  if (state.request !== undefined || state.leaving !== undefined) return false;
  return !state.script || (state.owed.unread <= 0 && state.owed.own <= 0);
}
