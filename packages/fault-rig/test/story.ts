import { Status } from '@tandem/core';
import type { FaultKind, HistoryEvent, OperationName, Transport } from '../src/history/event.ts';
import { type History, historyOf } from '../src/history/history.ts';

/** The values of a call that differ from the usual. */
interface CallOptions {
  readonly user?: string;
  readonly session?: Told;
  readonly to?: string;
  readonly message?: string;
  readonly transport?: Transport;
  readonly resumes?: string;
  readonly taken?: number;
}

/** A request that was made; its response may come later. */
export interface Told {
  readonly id: string;
  readonly user: string;
  readonly transport: Transport;
  answer(status: number, unread?: number, token?: string): Told;
}

/** A history that a test tells, one moment after the other. */
export class Story {
  readonly #events: HistoryEvent[] = [];
  readonly #senders = new Map<string, string>();
  #nowMs = 0;
  #calls = 0;

  get history(): History {
    return historyOf(this.#events);
  }

  call(name: OperationName, options: CallOptions): Told {
    const { session, transport = session?.transport ?? 'framed', to, message } = options;
    const user = options.user ?? session?.user ?? '';
    const id = `${name}${++this.#calls}`;
    const about = { id, name, transport, user, session: session?.id ?? '' };
    const sent = to === undefined || message === undefined ? {} : { to, message };
    const { resumes, taken } = options;
    const resumed = resumes === undefined || taken === undefined ? {} : { resumes, taken };
    this.#events.push({ kind: 'call', atMs: this.#tick(), ...about, ...sent, ...resumed });
    if (message !== undefined) this.#senders.set(message, user);
    const told: Told = {
      id,
      user,
      transport,
      answer: (status, unread, token) => this.#answer(told, status, unread, token),
    };
    return told;
  }

  register(user: string, status: number = Status.registered): Told {
    return this.call('register', { user }).answer(status);
  }

  /** Begins a session, with this many messages in its response. */
  login(user: string, unread = 0, transport: Transport = 'framed'): Told {
    const status = unread > 0 ? Status.loggedInUnread : Status.loggedIn;
    return this.call('login', { user, transport }).answer(status, unread);
  }

  /** Begins a session with a token, with this many messages in its response. */
  loginWithSecret(user: string, unread = 0): Told {
    const status = unread > 0 ? Status.loggedInUnread : Status.loggedIn;
    return this.call('login', { user }).answer(status, unread, 'token');
  }

  /** Asks to resume a session of which so many messages were taken; the test tells the response. */
  resume({ id, user }: Told, taken: number): Told {
    return this.call('resume', { user, resumes: id, taken });
  }

  fault(fault: FaultKind): void {
    this.#events.push({
      kind: 'fault',
      atMs: this.#tick(),
      fault,
      detail: '',
      throughMs: this.#tick(),
    });
  }

  logout(session: Told): Told {
    return this.call('logout', { session }).answer(Status.loggedOut);
  }

  delete(session: Told, status: number = Status.deleted): Told {
    return this.call('delete', { session }).answer(status);
  }

  send(session: Told, to: string, message: string, status: number = Status.stored): Told {
    return this.call('send', { session, to, message }).answer(status);
  }

  /** Takes messages, from their senders or from `sender`. */
  take(session: Told, messages: readonly string[], sender?: string): void {
    for (const message of messages) {
      this.#events.push({
        kind: 'took',
        atMs: this.#tick(),
        session: session.id,
        user: session.user,
        sender: sender ?? this.#senders.get(message) ?? 'nobody',
        message,
      });
    }
  }

  #answer(told: Told, status: number, unread?: number, token?: string): Told {
    this.#events.push({
      kind: 'response',
      atMs: this.#tick(),
      id: told.id,
      status,
      ...(unread === undefined ? {} : { unread }),
      ...(token === undefined ? {} : { token }),
    });
    return told;
  }

  #tick(): number {
    return ++this.#nowMs;
  }
}
