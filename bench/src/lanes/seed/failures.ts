import { ChatError, ConnectionFailures } from '@tandem/core';

/** The errors of the seed dialect's client. It has no greeting, so it cannot know who answers. */
export class Failures extends ConnectionFailures {
  /** The stream ended. A shutdown is not announced in this dialect, and looks the same. [P-7.6] */
  lost(cause: Error | undefined): ChatError {
    return new ChatError('connection-lost', `${this.server} ended the connection`, { cause });
  }
}
