import type { Operation } from '@tandem/core';

/** What a client asks for, however its wire says it. Nothing of it is validated yet. [P-3.1] */
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
      readonly operation: typeof Operation.acknowledge;
      /** Undefined when it was no number. */
      readonly count: number | undefined;
    }
  /** No such operation: answered 126, and the conversation goes on. */
  | { readonly operation: 'unknown' }
  /** What follows cannot be understood: answered 126, and the conversation ends. */
  | { readonly operation: 'broken'; readonly reason: string };
