import { ChatError } from '../errors.ts';

/** The errors that every transport has, in words that say what to do. */
export class ConnectionFailures {
  /** The server's address, as the messages name it. */
  protected readonly server: string;

  constructor(host: string, port: number) {
    this.server = `${host}:${port}`;
  }

  connectAborted(cause: unknown): ChatError {
    return new ChatError('closed', `connecting to ${this.server} was aborted`, { cause });
  }

  responseTimeout(timeoutMs: number): ChatError {
    const message = `${this.server} owes an answer and has said nothing for ${timeoutMs} ms; connect and log in again`;
    return new ChatError('response-timeout', message);
  }

  serverStopped(cause: unknown): ChatError {
    const message = `${this.server} was shut down; connect again when it is back`;
    return new ChatError('server-stopped', message, { cause });
  }

  closed(): ChatError {
    return new ChatError('closed', 'this client was closed; connect a new one');
  }
}
