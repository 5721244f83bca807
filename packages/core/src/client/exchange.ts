import type { Operation, Status } from '../rules/codes.ts';
import type { Message } from '../rules/limits.ts';
import type { Outcome } from '../rules/outcomes.ts';
import type { ChatError } from './errors.ts';

/** What a client asks for, before a transport puts it into bytes. Its content is valid. */
export type ClientRequest =
  | {
      readonly operation:
        | typeof Operation.register
        | typeof Operation.login
        | typeof Operation.logout
        | typeof Operation.delete;
      readonly username: string;
    }
  | { readonly operation: typeof Operation.search; readonly query: string }
  | {
      readonly operation: typeof Operation.send;
      readonly sender: string;
      readonly recipient: string;
      readonly body: string;
    };

/** What an exchange tells its client, before the request's promise resolves. */
export interface ExchangeListener {
  /** A login was answered. @param unread the messages of the answer */
  loginAnswered(status: Status, unread: readonly Message[]): void;
  /** A logout or a delete was answered. */
  endingAnswered(status: Status): void;
  /** Returns false when there is no session that the message could belong to. */
  incoming(message: Message): boolean;
  /** Called once: the connection is over. */
  ended(): void;
}

/** Requests and their answers over one connection: what a transport has to be for an `ExchangeClient`. */
export interface Exchange {
  /** Resolves when requests may be made; rejects when it does not come to that. */
  readonly connected: Promise<void>;
  /** Resolves when the connection is over: with the error that broke it, or undefined after {@link close}. */
  readonly closed: Promise<ChatError | undefined>;
  /** Why nothing more can be asked; undefined while something can. */
  readonly error: ChatError | undefined;
  /**
   * Sends a request and resolves with its answer. The caller says which outcome belongs to the
   * operation. Rejects with {@link error} when the connection is over.
   */
  request<O extends Outcome>(request: ClientRequest): Promise<O>;
  /** Says how many messages of the session were taken. Later answers confirm it. [P-5.2] */
  acknowledge(count: number): void;
  /** Sends what was written, says goodbye and disconnects; may be called again. */
  close(): Promise<void>;
}
