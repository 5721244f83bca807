import type { Message } from '../rules/limits.ts';
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
import type { ChatError } from './errors.ts';

/** The means to resume a session on another client. [P-4.9] */
export interface Resumption {
  readonly username: string;
  readonly token: string;
  /** The number of messages that were taken in the session. */
  readonly taken: number;
}

/**
 * A client of the chat service for one user at a time, over any transport.
 *
 * Expected outcomes are returned. A promise rejects with a {@link ChatError} only when the transport or
 * the protocol broke; then every later call fails with the same error.
 *
 * Calls may overlap. They take effect in the order in which they were made. Over unary gRPC, that holds
 * only around each login, logout and delete: calls that overlap between two of them, sends too, have no
 * order. A call that is made after another's response always comes after it.
 */
export interface ChatClient {
  /** Makes an account, with a secret if there is one. Does not log in. */
  register(username: string, secret?: string): Promise<RegisterOutcome>;
  /** Binds the user to this client and starts the session that {@link messages} belongs to. */
  login(username: string, secret?: string): Promise<LoginOutcome>;
  /**
   * Resumes a session that began with a secret on another client, whether that client's connection broke
   * or not; the session ends there. Messages that it had taken do not come again. [P-4.9]
   */
  resume(session: Resumption): Promise<LoginOutcome>;
  /**
   * The session of this client, for {@link resume} of another one, also after {@link close}; undefined
   * when there was no session with a secret, or it was ended.
   */
  readonly resumption: Resumption | undefined;
  /**
   * Changes the secret of the user who is logged in.
   *
   * @param current empty where there is none
   * @param secret empty to remove it
   */
  changeSecret(current: string, secret: string): Promise<ChangeSecretOutcome>;
  /** Refuses what this user sends from now on, who is told that there is nobody of this name. [P-4.11] */
  block(username: string): Promise<BlockOutcome>;
  /** Takes a {@link block} back. */
  unblock(username: string): Promise<BlockOutcome>;
  /** Returns the usernames that match; `*` stands for zero or more of any character. Needs no session. */
  search(query: string): Promise<SearchOutcome>;
  /** Sends as the logged-in user. */
  send(recipient: string, body: string): Promise<SendOutcome>;
  /**
   * Ends the session, also when its status is 127. Messages that were not taken from
   * {@link messages} are unread again; after 127, those that were taken may be, too. [P-5.2]
   */
  logout(): Promise<LogoutOutcome>;
  /**
   * Deletes the logged-in user's account and mailbox, and ends the session. After 127 the session has
   * ended, and the account may still be there.
   */
  delete(): Promise<DeleteOutcome>;
  /**
   * Incoming messages, those that were unread at login first, for one consumer at a time. A message
   * is taken, and so acknowledged, when the consumer comes back for the next one: a `for await`
   * loop whose body throws leaves its message unread. The client goes on reading from the server
   * whatever the consumer does, so the loop's body may await any call of this client. Ends when the
   * client is closed or the connection breaks; {@link closed} says why.
   */
  readonly messages: AsyncIterableIterator<Message>;
  /** Resolves when the client can no longer be used, with the error that broke it; with undefined after {@link close}. */
  readonly closed: Promise<ChatError | undefined>;
  /**
   * Sends what is still to be sent, such as an acknowledgement, then disconnects. The session ends.
   * Never rejects. May be called again.
   */
  close(): Promise<void>;
}
