import type { Place } from '../address.ts';
import { Operation, Status } from '../rules/codes.ts';
import type { Message } from '../rules/limits.ts';
import {
  isResumeToken,
  isSecretText,
  isValidMessage,
  isValidQuery,
  isValidUsername,
  secretCharsMax,
} from '../rules/limits.ts';
import type {
  BlockOutcome,
  ChangeSecretOutcome,
  DeleteOutcome,
  LoginOutcome,
  LogoutOutcome,
  RegisterOutcome,
  SearchOutcome,
  SendOutcome,
} from '../rules/outcomes.ts';
import { beginsSession, endsSession, type Outcome, refusalOfSecret } from '../rules/outcomes.ts';
import type { ClientRequest } from '../rules/requests.ts';
import type { ChatClient, Resumption } from './chat-client.ts';
import type { ChatError } from './errors.ts';
import type { Exchange, ExchangeListener } from './exchange.ts';
import { Inbox } from './inbox.ts';
import { rejected } from './pending-requests.ts';
import { SessionView } from './session-view.ts';

/**
 * A {@link ChatClient} over an exchange of requests and responses, on any transport.
 *
 * Only valid content reaches the exchange; the rest is refused here, as the server would. The server
 * decides what a session may do.
 */
export class ExchangeClient implements ChatClient {
  /** The place of the server: the host as the caller named it, and the address that was connected to. */
  readonly place: Place;
  readonly #exchange: Exchange;
  readonly #session = new SessionView();
  readonly #inbox = new Inbox(() => this.#scheduleAcknowledge());
  /** The token of the session that the responses so far leave, or left when the connection ended. */
  #token: string | undefined;
  #acknowledged = 0;
  #acknowledgeScheduled = false;

  /**
   * @param place the place of the server
   * @param open begins to connect; see {@link connected}
   */
  constructor(place: Place, open: (listener: ExchangeListener) => Exchange) {
    this.place = place;
    this.#exchange = open({
      loginCompleted: (status, unread) => this.#loginCompleted(status, unread),
      tokenGiven: (token) => {
        this.#token = token;
      },
      endingCompleted: (status) => this.#endingCompleted(status),
      incoming: (message) => this.#incoming(message),
      ended: () => this.#inbox.end(),
    });
  }

  /** Resolves when requests may be made. */
  get connected(): Promise<void> {
    return this.#exchange.connected;
  }

  get closed(): Promise<ChatError | undefined> {
    return this.#exchange.closed;
  }

  get messages(): AsyncIterableIterator<Message> {
    return this.#inbox;
  }

  get resumption(): Resumption | undefined {
    const { username } = this.#session;
    if (this.#token === undefined || username === '') return undefined;
    return { username, token: this.#token, taken: this.#inbox.taken };
  }

  register(username: string, secret?: string): Promise<RegisterOutcome> {
    if (!isValidUsername(username)) return this.#refuse(Status.invalidContent);
    if (secret === undefined) return this.#request({ operation: Operation.register, username });
    const refusal = refusalOfSecret(username, secret);
    if (refusal !== undefined) return this.#refuse(refusal);
    return this.#request({ operation: Operation.registerWithSecret, username, secret });
  }

  login(username: string, secret?: string): Promise<LoginOutcome> {
    if (!isValidUsername(username) || !isSecretText(secret ?? '')) {
      return this.#refuseLogin(Status.invalidContent);
    }
    if (secret === undefined) return this.#begin({ operation: Operation.login, username });
    if (secret.length > secretCharsMax) return this.#refuseLogin(Status.secretTooLong);
    return this.#begin({ operation: Operation.loginWithSecret, username, secret });
  }

  resume({ username, token, taken }: Resumption): Promise<LoginOutcome> {
    if (!isValidUsername(username) || !isResumeToken(token) || !Number.isSafeInteger(taken)) {
      return this.#refuseLogin(Status.invalidContent);
    }
    return this.#begin({ operation: Operation.resume, username, token, count: taken });
  }

  changeSecret(current: string, secret: string): Promise<ChangeSecretOutcome> {
    const username = this.#session.speaker;
    const refusal = secret === '' ? undefined : refusalOfSecret(username, secret);
    // [P-5.4]
    if (username === '') return this.#refuse(Status.notLoggedIn);
    if (!isSecretText(current)) return this.#refuse(Status.invalidContent);
    if (current.length > secretCharsMax) return this.#refuse(Status.secretTooLong);
    if (refusal !== undefined) return this.#refuse(refusal);
    return this.#request({ operation: Operation.changeSecret, username, current, secret });
  }

  block(username: string): Promise<BlockOutcome> {
    return this.#setBlock(Operation.block, username);
  }

  unblock(username: string): Promise<BlockOutcome> {
    return this.#setBlock(Operation.unblock, username);
  }

  search(query: string): Promise<SearchOutcome> {
    if (!isValidQuery(query)) return this.#refuse(Status.invalidContent);
    return this.#request({ operation: Operation.search, query });
  }

  send(recipient: string, body: string): Promise<SendOutcome> {
    const sender = this.#session.speaker;
    if (!isValidUsername(recipient) || !isValidMessage(body)) {
      // [P-5.4]
      return this.#refuse(sender === '' ? Status.notLoggedIn : Status.invalidContent);
    }
    return this.#request({ operation: Operation.send, sender, recipient, body });
  }

  logout(): Promise<LogoutOutcome> {
    return this.#endSession(Operation.logout);
  }

  delete(): Promise<DeleteOutcome> {
    return this.#endSession(Operation.delete);
  }

  close(): Promise<void> {
    this.#acknowledge();
    return this.#exchange.close();
  }

  #request<O extends Outcome>(request: ClientRequest): Promise<O> {
    this.#acknowledge();
    return this.#exchange.request(request);
  }

  #refuse<S extends Status>(status: S): Promise<{ status: S }> {
    const { error } = this.#exchange;
    return error === undefined ? Promise.resolve({ status }) : rejected(error);
  }

  /** A login that is refused here, as the server would. [P-5.4] */
  #refuseLogin<S extends Status>(status: S): Promise<{ status: S | typeof Status.sessionInUse }> {
    return this.#refuse(this.#session.speaker === '' ? status : Status.sessionInUse);
  }

  #begin(request: Extract<ClientRequest, { readonly username: string }>): Promise<LoginOutcome> {
    const outcome = this.#request<LoginOutcome>(request);
    this.#session.requested(Operation.login, request.username);
    return outcome;
  }

  #setBlock(
    operation: typeof Operation.block | typeof Operation.unblock,
    name: string,
  ): Promise<BlockOutcome> {
    const username = this.#session.speaker;
    // [P-5.4]
    if (username === '') return this.#refuse(Status.notLoggedIn);
    if (!isValidUsername(name)) return this.#refuse(Status.invalidContent);
    return this.#request({ operation, username, name });
  }

  #endSession<O extends LogoutOutcome | DeleteOutcome>(
    operation: typeof Operation.logout | typeof Operation.delete,
  ): Promise<O> {
    const username = this.#session.speaker;
    const outcome = this.#request<O>({ operation, username });
    this.#session.requested(operation, username);
    this.#inbox.hold();
    return outcome;
  }

  #loginCompleted(status: Status, unread: readonly Message[]): void {
    this.#session.responded(status);
    if (beginsSession(status)) this.#startSession();
    for (const message of unread) this.#inbox.deliver(message);
  }

  #endingCompleted(status: Status): void {
    this.#session.responded(status);
    if (endsSession(status)) this.#startSession();
    if (this.#session.ending) return;
    this.#inbox.resume();
    this.#scheduleAcknowledge();
  }

  // Also after the end of a session: messages that it did not take are unread again.
  #startSession(): void {
    this.#inbox.startSession();
    this.#token = undefined;
    this.#acknowledged = 0;
    if (this.#session.ending) this.#inbox.hold();
  }

  #incoming(message: Message): boolean {
    if (this.#session.active) this.#inbox.deliver(message);
    return this.#session.active;
  }

  #scheduleAcknowledge(): void {
    if (this.#acknowledgeScheduled) return;
    this.#acknowledgeScheduled = true;
    setImmediate(() => {
      this.#acknowledgeScheduled = false;
      this.#acknowledge();
    });
  }

  // Not while a logout or a delete is pending: the session may be over when this arrives. The server
  // would ignore it, or count it for the next session. [P-5.2]
  #acknowledge(): void {
    const { taken } = this.#inbox;
    if (taken === this.#acknowledged || this.#exchange.error !== undefined) return;
    if (!this.#session.active || this.#session.ending) return;
    this.#acknowledged = taken;
    this.#exchange.acknowledge(taken);
  }
}
