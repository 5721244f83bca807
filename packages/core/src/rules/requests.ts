import type { Operation } from './codes.ts';

/**
 * A request of a client, apart from how a transport encodes it. [P-3.1]
 *
 * `Count` is the type of its numbers: `number` where a client makes them, also undefined where a
 * server reads what may be no number.
 */
export type ClientRequest<Count extends number | undefined = number> =
  | {
      readonly operation:
        | typeof Operation.register
        | typeof Operation.logout
        | typeof Operation.delete;
      readonly username: string;
    }
  | { readonly operation: typeof Operation.login; readonly username: string }
  | { readonly operation: typeof Operation.search; readonly query: string }
  | {
      readonly operation: typeof Operation.send;
      readonly sender: string;
      readonly recipient: string;
      readonly body: string;
    }
  | {
      readonly operation: typeof Operation.registerWithSecret | typeof Operation.loginWithSecret;
      readonly username: string;
      readonly secret: string;
    }
  | {
      readonly operation: typeof Operation.resume;
      readonly username: string;
      readonly token: string;
      /** The number of messages that were taken in the session of the token. */
      readonly count: Count;
    }
  | {
      readonly operation: typeof Operation.changeSecret;
      readonly username: string;
      /** Empty where there is none. */
      readonly current: string;
      /** Empty to remove it. */
      readonly secret: string;
    }
  | {
      readonly operation: typeof Operation.block | typeof Operation.unblock;
      readonly username: string;
      /** The user whose messages are refused, or taken again. */
      readonly name: string;
    };
