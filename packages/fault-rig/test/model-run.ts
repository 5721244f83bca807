import { Status } from '@tandem/core';
import type { HistoryEvent, OperationName, Transport } from '../src/history/event.ts';
import { type History, historyOf } from '../src/history/history.ts';
import type { Random } from '../src/random.ts';

interface Letter {
  readonly id: string;
  readonly sender: string;
}

interface Account {
  mailbox: Letter[];
  session: ServerSession | undefined;
  /** The ids of the sessions whose tokens are valid. */
  tokens: readonly string[];
  /** The session that the last token was given to. */
  resumable: { readonly token: string; readonly session: ServerSession } | undefined;
}

/** The knowledge of a client that lost its connection. */
interface Resumption {
  readonly user: string;
  readonly session: string;
  readonly taken: number;
}

interface ServerSession {
  readonly user: string;
  readonly connection: Connection;
  readonly delivered: Letter[];
  acknowledged: number;
}

interface Request {
  readonly id: string;
  readonly name: OperationName;
  readonly user: string;
  readonly to: string;
  readonly message: string;
  /** The number of messages of the session that were taken when it was made. */
  readonly taken: number;
  readonly resumes: Resumption | undefined;
}

interface Answer {
  readonly answers: Request;
  readonly status: number;
  readonly unread: readonly Letter[];
}

type Response = Answer | { readonly pushes: Letter };

/** An event with the current time. */
type Happening = HistoryEvent extends infer Event
  ? Event extends HistoryEvent
    ? Omit<Event, 'atMs'>
    : never
  : never;

/** A connection: the messages under way both ways, and the view of each side. */
class Connection {
  readonly transport: Transport;
  readonly toServer: Request[] = [];
  readonly toClient: Response[] = [];
  /** The client's view. */
  session = '';
  user = '';
  taken = 0;
  loggingIn = false;
  resuming: Resumption | undefined;
  /** The server's. */
  server: ServerSession | undefined;
  cut = false;
  /** True if the server reads no more from it, since its session goes on elsewhere. */
  closed = false;

  constructor(transport: Transport) {
    this.transport = transport;
  }
}

const users = ['ann', 'bob', 'eve'];

function hasSecret(user: string): boolean {
  return user !== 'eve';
}

/**
 * Models a server that keeps every promise, and clients on a network with delays, cuts and losses. In each
 * moment one possible thing happens. A check must find the history correct.
 */
export class ModelRun {
  readonly #random: Random;
  readonly #events: HistoryEvent[] = [];
  readonly #accounts = new Map<string, Account>();
  #connections: Connection[] = [];
  #resumptions: Resumption[] = [];
  #nowMs = 0;
  #ids = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  play(moments: number): History {
    for (let i = 0; i < moments; i++) {
      const connection = this.#connection();
      const drawn = this.#random.fraction();
      if (drawn < 0.3) this.#ask(connection);
      else if (drawn < 0.65) this.#serve(connection);
      else if (drawn < 0.98) this.#hear(connection);
      else if (drawn < 0.995) this.#cut(connection);
      else this.#crash();
    }
    return historyOf(this.#events);
  }

  #connection(): Connection {
    this.#connections = this.#connections.filter(
      ({ cut, toServer, server }) => !cut || toServer.length > 0 || server !== undefined,
    );
    const open = this.#connections.filter(({ cut }) => !cut).length;
    if (open < 4) {
      const transports: readonly Transport[] = ['framed', 'converse', 'unary'];
      this.#connections.push(new Connection(this.#random.pick(transports)));
    }
    return this.#random.pick(this.#connections);
  }

  #ask(connection: Connection): void {
    // Sends may overlap; a client waits for requests that change the session.
    if (connection.cut || connection.loggingIn) return;
    const drawn = this.#random.fraction();
    const user = this.#random.pick(users);
    if (drawn < 0.1) this.#request(connection, 'register', user);
    else if (connection.session === '') this.#begin(connection, user);
    else if (drawn < 0.8) this.#request(connection, 'send', connection.user, user);
    else if (connection.toServer.length + connection.toClient.length > 0) return;
    else if (drawn < 0.9) this.#request(connection, 'search', connection.user);
    else this.#request(connection, drawn < 0.97 ? 'logout' : 'delete', connection.user);
  }

  #begin(connection: Connection, user: string): void {
    const resumption = this.#random.chance(0.7) ? this.#resumptions.shift() : undefined;
    if (resumption === undefined) this.#request(connection, 'login', user);
    else this.#request(connection, 'resume', resumption.user, '', resumption);
  }

  #request(
    connection: Connection,
    name: OperationName,
    user: string,
    to = '',
    resumes?: Resumption,
  ): void {
    const id = `${name}${++this.#ids}`;
    const { transport, session, taken } = connection;
    const message = name === 'send' ? `m${id}` : '';
    const sent = name === 'send' ? { to, message } : {};
    const resumed = resumes === undefined ? {} : { resumes: resumes.session, taken: resumes.taken };
    this.#note({ kind: 'call', id, name, transport, user, session, ...sent, ...resumed });
    connection.toServer.push({ id, name, user, to, message, taken, resumes });
    connection.resuming = resumes;
    connection.loggingIn = name !== 'send' && name !== 'search';
  }

  #serve(connection: Connection): void {
    const { toServer, transport, server, closed } = connection;
    if (closed) toServer.length = 0;
    const at = transport === 'unary' ? this.#random.integer(0, toServer.length) : 0;
    const [request] = toServer.splice(Math.min(at, Math.max(0, toServer.length - 1)), 1);
    if (request !== undefined) {
      this.#acknowledge(connection.server, request.taken);
      this.#carryOut(connection, request);
    } else if (connection.cut && server !== undefined) this.#endSession(server);
  }

  #acknowledge(session: ServerSession | undefined, taken: number): void {
    if (session === undefined || taken <= session.acknowledged) return;
    const gone = new Set(session.delivered.slice(0, taken));
    session.acknowledged = taken;
    const account = this.#accounts.get(session.user);
    if (account !== undefined) account.mailbox = account.mailbox.filter((m) => !gone.has(m));
  }

  #carryOut(connection: Connection, request: Request): void {
    const [status, unread = []] = this.#outcome(connection, request);
    connection.toClient.push({ answers: request, status, unread });
  }

  #outcome(connection: Connection, request: Request): [status: number, unread?: Letter[]] {
    const account = this.#accounts.get(request.user);
    switch (request.name) {
      case 'register':
        if (account === undefined) {
          const none = { session: undefined, tokens: [], resumable: undefined };
          this.#accounts.set(request.user, { mailbox: [], ...none });
        }
        return [account === undefined ? Status.registered : Status.usernameTaken];
      case 'login':
        return this.#logIn(connection, request, account);
      case 'resume':
        return this.#resume(connection, request, account);
      case 'search':
        return [Status.found];
      case 'send':
        return [this.#deliver(connection, request)];
      default: {
        if (connection.server === undefined) return [Status.notLoggedIn];
        this.#endSession(connection.server);
        if (account !== undefined) account.tokens = [];
        if (request.name === 'delete') this.#accounts.delete(request.user);
        return [request.name === 'delete' ? Status.deleted : Status.loggedOut];
      }
    }
  }

  #logIn(
    connection: Connection,
    request: Request,
    account: Account | undefined,
  ): [status: number, unread: Letter[]] {
    if (account === undefined) return [Status.notRegistered, []];
    if (account.session !== undefined) return [Status.alreadyLoggedIn, []];
    return this.#open(connection, request, account);
  }

  #resume(
    connection: Connection,
    request: Request,
    account: Account | undefined,
  ): [status: number, unread: Letter[]] {
    const used = request.resumes?.session ?? '';
    if (account?.tokens.includes(used) !== true) return [Status.notResumable, []];
    const { resumable, session } = account;
    if (resumable?.token === used)
      this.#acknowledge(resumable.session, request.resumes?.taken ?? 0);
    if (session !== undefined) {
      session.connection.closed = true;
      this.#endSession(session);
    }
    return this.#open(connection, request, account, used);
  }

  #open(
    connection: Connection,
    { id, user }: Request,
    account: Account,
    ...used: readonly string[]
  ): [status: number, unread: Letter[]] {
    const unread = [...account.mailbox];
    account.session = { user, connection, delivered: [...unread], acknowledged: 0 };
    connection.server = account.session;
    if (hasSecret(user)) {
      account.tokens = [id, ...used];
      account.resumable = { token: id, session: account.session };
    }
    return [unread.length > 0 ? Status.loggedInUnread : Status.loggedIn, unread];
  }

  #deliver({ server }: Connection, { to, message }: Request): number {
    if (server === undefined) return Status.notLoggedIn;
    const account = this.#accounts.get(to);
    if (account === undefined) return Status.noSuchUser;
    const letter = { id: message, sender: server.user };
    account.mailbox.push(letter);
    account.session?.delivered.push(letter);
    account.session?.connection.toClient.push({ pushes: letter });
    return account.session === undefined ? Status.stored : Status.delivered;
  }

  #endSession(session: ServerSession): void {
    session.connection.server = undefined;
    const account = this.#accounts.get(session.user);
    if (account?.session === session) account.session = undefined;
  }

  #hear(connection: Connection): void {
    if (connection.cut) return;
    const response = connection.toClient.shift();
    if (response === undefined) {
      if (connection.closed) this.#cut(connection);
      return;
    }
    if ('pushes' in response) this.#take(connection, response.pushes);
    else this.#answered(connection, response);
  }

  #answered(connection: Connection, { answers, status, unread }: Answer): void {
    const { id, name, user } = answers;
    const began = status === Status.loggedIn || status === Status.loggedInUnread;
    const count = name === 'login' || name === 'resume' ? { unread: unread.length } : {};
    const token = began && hasSecret(user) ? { token: id } : {};
    this.#note({ kind: 'response', id, status, ...count, ...token });
    connection.resuming = undefined;
    if (answers.name !== 'send' && answers.name !== 'search') connection.loggingIn = false;
    if (status === Status.loggedOut || status === Status.deleted) connection.session = '';
    if (!began) return;
    connection.session = answers.id;
    connection.user = answers.user;
    connection.taken = 0;
    for (const letter of unread) this.#take(connection, letter);
  }

  #take(connection: Connection, { id, sender }: Letter): void {
    const { session, user } = connection;
    if (session === '') return;
    connection.taken++;
    this.#note({ kind: 'took', session, user, sender, message: id });
  }

  /** Cuts the client off. Its requests may still arrive, and the server sees the end after them. */
  #cut(connection: Connection): void {
    this.#keep(connection);
    connection.cut = true;
    connection.toClient.length = 0;
    if (this.#random.chance(0.5)) connection.toServer.length = 0;
  }

  /** Keeps the session of a connection, which its client may resume on another one. */
  #keep({ cut, session, user, taken, resuming }: Connection): void {
    if (cut) return;
    if (resuming !== undefined) this.#resumptions.push(resuming);
    else if (session !== '' && hasSecret(user)) this.#resumptions.push({ user, session, taken });
  }

  /** Restarts the server, which loses everything outside mailboxes and tokens. */
  #crash(): void {
    this.#note({ kind: 'fault', fault: 'kill server', detail: '', throughMs: this.#nowMs + 1 });
    for (const connection of this.#connections) {
      this.#keep(connection);
      connection.cut = true;
      connection.toServer.length = 0;
      if (connection.server !== undefined) this.#endSession(connection.server);
    }
  }

  #note(event: Happening): void {
    this.#events.push({ ...event, atMs: ++this.#nowMs });
  }
}
