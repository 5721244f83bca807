import { formatPlace, type Place } from '../address.ts';
import { ChatError, ConnectError, type ConnectFailure, networkFailure } from './errors.ts';

/** The errors that every transport has. Each message says what happened, why, and what to do. */
export class ConnectionFailures {
  /** The server, as the messages name it: `localhost (127.0.0.1:22067)`. */
  protected readonly server: string;
  protected readonly isItTandem: string;
  protected readonly transport: 'socket' | 'gRPC';

  /** @param transport the protocol that the server should speak */
  constructor(place: Place, transport: 'socket' | 'gRPC') {
    this.server = formatPlace(place);
    this.transport = transport;
    this.isItTandem = `is this a Tandem ${transport} server?`;
  }

  /** Returns the error `closed` of a connection that its caller gave up. */
  connectAborted(cause: unknown): ChatError {
    return new ChatError('closed', `connecting to ${this.server} was aborted`, { cause });
  }

  /** @param said the text of the network's error; by default the message of the cause */
  connectFailed(cause: unknown, said = messageOf(cause)): ConnectError {
    return new ConnectError(this.server, networkFailure(said, this.isItTandem, cause));
  }

  /**
   * @param reason the event, as a clause that follows the address of the server
   * @param advice the advice, as a question
   */
  tlsFailed(
    { reason, advice }: Pick<ConnectFailure, 'reason' | 'advice'>,
    cause?: unknown,
  ): ConnectError {
    return new ConnectError(this.server, { code: 'tls-failed', reason, advice, cause });
  }

  /** Returns the error of a server that ended a connection before TLS was agreed on. */
  endedDuringTls(cause: unknown): ConnectError {
    const reason = 'it ended the connection before TLS was agreed on';
    return this.tlsFailed({ reason, advice: 'does it speak TLS (--tls) at this port?' }, cause);
  }

  /** Returns the error of a server that ended a connection over TLS before it had sent its greeting. */
  endedOverTls(cause: unknown): ConnectError {
    const reason = 'it ended the connection as soon as TLS was agreed on';
    const advice = `does it ask for another certificate of this client (--tls-cert), or is it no Tandem ${this.transport} server?`;
    return this.tlsFailed({ reason, advice }, cause);
  }

  /** @param accepted true when TCP was up and the server sent nothing */
  connectTimeout(timeoutMs: number, accepted: boolean): ConnectError {
    const within = `within ${formatTimeout(timeoutMs)}`;
    return new ConnectError(this.server, {
      code: 'connect-timeout',
      reason: accepted
        ? `it accepted the connection and sent nothing ${within}`
        : `it did not answer ${within}`,
      advice: accepted ? this.isItTandem : 'is the address right, and does no firewall block it?',
    });
  }

  /** Returns the error `connect-timeout` of a name that was not looked up in time. */
  lookUpTimeout(timeoutMs: number): ConnectError {
    return new ConnectError(this.server, {
      code: 'connect-timeout',
      reason: `the name could not be looked up within ${formatTimeout(timeoutMs)}`,
      advice: 'is the network up?',
    });
  }

  /** Returns the error of a server that ended the connection before it had sent its greeting. */
  endedBeforeGreeting(cause: unknown): ConnectError {
    if (cause !== undefined) return this.connectFailed(cause);
    return new ConnectError(this.server, {
      code: 'connect-failed',
      reason: 'it ended the connection before it named its protocol',
      advice: this.isItTandem,
    });
  }

  /** Returns the error of a server that speaks TLS, to a client that does not. [P-10.2] */
  needsTls(cause?: unknown): ConnectError {
    return this.tlsFailed({ reason: 'it speaks TLS', advice: 'should --tls be added?' }, cause);
  }

  /** @param how the sign of the other protocol */
  otherProtocol(how: string, cause?: unknown): ConnectError {
    return new ConnectError(this.server, {
      code: 'version-mismatch',
      reason: `it speaks another protocol (${how})`,
      advice: this.isItTandem,
      cause,
    });
  }

  /** @param what the error of the server, as a clause that follows its address */
  protocolError(what: string, cause?: unknown): ChatError {
    return new ChatError('protocol-error', `${this.server} ${what}; ${this.isItTandem}`, { cause });
  }

  /** Returns the error `response-timeout` of a server that is silent while a request is pending. */
  responseTimeout(timeoutMs: number): ChatError {
    const message = `${this.server} has sent nothing for ${timeoutMs} ms while a request was pending; connect and log in again`;
    return new ChatError('response-timeout', message);
  }

  /** Returns the error `server-stopped` of a server that said so and ended. [P-6.9] */
  serverStopped(cause: unknown): ChatError {
    const message = `${this.server} was shut down; connect again when it is back`;
    return new ChatError('server-stopped', message, { cause });
  }

  /** Returns the error `closed` of a client that its user closed. */
  closed(): ChatError {
    return new ChatError('closed', 'this client was closed; connect a new one');
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function formatTimeout(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms < 1000 ? `${ms} ms` : `${Math.ceil(ms / 100) / 10} s`;
}
