/** The way in which a client reaches the server. */
export type Transport = 'framed' | 'converse' | 'unary';

/** The operations of a client, by the name of the method. */
export type OperationName =
  | 'register'
  | 'login'
  | 'resume'
  | 'search'
  | 'send'
  | 'logout'
  | 'delete';

/** A client makes a request; written before the request leaves. */
export interface CallEvent {
  readonly kind: 'call';
  readonly atMs: number;
  /** Unique in a history. */
  readonly id: string;
  readonly name: OperationName;
  readonly transport: Transport;
  /** The user to register, log in or resume; for other operations the user of the session, empty for none. */
  readonly user: string;
  /** The id of the login or resume that began the session; empty outside a session. */
  readonly session: string;
  /** For a resume: the id of the session whose token it has, and the number of messages taken in it. */
  readonly resumes?: string;
  readonly taken?: number;
  /** For a send: the recipient, and the id of the message. */
  readonly to?: string;
  readonly message?: string;
}

/** A client has its response. */
interface ResponseEvent {
  readonly kind: 'response';
  readonly atMs: number;
  readonly id: string;
  readonly status: number;
  /** For a login or a resume: the number of messages that came with it, and the token that it gave. */
  readonly unread?: number;
  readonly token?: string;
}

/** A client gets no response, since its connection broke. */
interface BrokenEvent {
  readonly kind: 'broken';
  readonly atMs: number;
  readonly id: string;
  /** The code of the `ChatError`. */
  readonly code: string;
}

/** A consumer is about to take a message; written before the client acknowledges it. */
export interface TookEvent {
  readonly kind: 'took';
  readonly atMs: number;
  readonly session: string;
  /** The user of the session. */
  readonly user: string;
  readonly sender: string;
  /** The id of the message; the whole body if no client of the rig wrote it. */
  readonly message: string;
}

/** The faults that the rig causes in servers, clients and connections. */
export type FaultKind =
  | 'kill server'
  | 'kill starting server'
  | 'terminate server'
  | 'freeze server'
  | 'fill disk'
  | 'break disk'
  | 'kill node'
  | 'terminate node'
  | 'freeze node'
  | 'bury node'
  | 'cut node off database'
  | 'stall node and database'
  | 'lose answers of database'
  | 'slow node and database'
  | 'end database connection'
  | 'cancel database writes'
  | 'kill database'
  | 'crash database'
  | 'cancel database waits for standby'
  | 'fail database over'
  | 'kill clients'
  | 'delay'
  | 'rate'
  | 'split'
  | 'stall'
  | 'refuse'
  | 'half-close'
  | 'reset'
  | 'cut';

/** The rig did something to a server, to clients or to their connections. */
export interface FaultEvent {
  readonly kind: 'fault';
  readonly atMs: number;
  readonly fault: FaultKind;
  /** The target or the details, in words; empty without any. */
  readonly detail: string;
  /** For a fault of a server: the time at which it was over and the server, if it is to run, listened again. */
  readonly throughMs?: number;
}

/**
 * An event in the journal of a process, a line of JSON each. Times are those of the machine's monotonic
 * clock in milliseconds, so that those of different processes compare.
 */
export type HistoryEvent = CallEvent | ResponseEvent | BrokenEvent | TookEvent | FaultEvent;

/** The machine's monotonic clock. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
