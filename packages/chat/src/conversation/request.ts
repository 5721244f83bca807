import type { Operation } from '@tandem/core';

/** A request of a client, of whatever wire. Its content is not validated yet. [P-3.1] */
export type Request =
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
      /** Undefined when it was no number. */
      readonly count: number | undefined;
    }
  | {
      readonly operation: typeof Operation.changeSecret;
      readonly username: string;
      readonly current: string;
      readonly secret: string;
    }
  | {
      readonly operation: typeof Operation.block | typeof Operation.unblock;
      readonly username: string;
      readonly name: string;
    }
  | {
      readonly operation: typeof Operation.acknowledge;
      /** Undefined when it was no number. */
      readonly count: number | undefined;
    }
  /** An operation that does not exist: the response is 126, and the conversation goes on. */
  | { readonly operation: 'unknown' }
  /** A breach of the protocol: the response is 126, and the conversation ends. */
  | { readonly operation: 'broken'; readonly reason: string };
