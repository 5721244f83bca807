import { status as GrpcStatus, type StatusObject } from '@grpc/grpc-js';
import { ChatError, ConnectionFailures, type Place } from '@tandem/core';

/** The errors of this transport, in words that say what to do. */
export class Failures extends ConnectionFailures {
  constructor(place: Place) {
    super(place, 'gRPC');
  }

  /**
   * TCP, or HTTP/2 on it, did not come about.
   *
   * @param end how a call ended that said why
   */
  channelFailed(end: CallEnd): ChatError {
    const reason = lastErrorOf(end);
    if (/protocol error/i.test(reason)) return this.otherProtocol('not HTTP/2', end);
    return /^E[A-Z]+$|closed|Failed to connect/.test(reason)
      ? this.endedBeforeGreeting(undefined)
      : this.connectFailed(end, reason);
  }

  /** The connection ended, and no call says more. */
  lost(cause?: unknown): ChatError {
    const why = cause === undefined ? '' : ` (${detailsOf(cause)})`;
    const message = `${this.server} ended the connection${why}; connect and log in again`;
    return new ChatError('connection-lost', message, { cause });
  }

  /** The server ended the session though nobody logged out. */
  sessionEnded(): ChatError {
    return new ChatError(
      'connection-lost',
      `${this.server} ended the session; connect and log in again`,
    );
  }

  /** @param what what the server did, to follow its address */
  protocolError(what: string, cause?: unknown): ChatError {
    return new ChatError('protocol-error', `${this.server} ${what}; ${this.isItTandem}`, { cause });
  }

  /** A Login without a token: the contract of 2023 had none. */
  noToken(): ChatError {
    const message = `${this.server} answered a Login without a session token, as the contract of 2023 did; update the server`;
    return new ChatError('version-mismatch', message);
  }

  /**
   * A call that ended with anything but an answer.
   *
   * @param method the call's name in the contract
   */
  callFailed(method: string, end: CallEnd): ChatError {
    const said = `${GrpcStatus[end.code]}: ${end.details}`;
    if (isShutdown(end)) return this.serverStopped(end);
    if (isUnusable(end)) return this.protocolError(`answered ${method} with ${said}`, end);
    switch (end.code) {
      case GrpcStatus.DEADLINE_EXCEEDED: {
        const message = `${this.server} did not answer ${method} in time (${said}); connect and log in again`;
        return new ChatError('response-timeout', message, { cause: end });
      }
      case GrpcStatus.UNIMPLEMENTED: {
        const message = `${this.server} does not know ${method} (${said}); ${this.isItTandem} If so, it speaks an older contract: update it`;
        return new ChatError('version-mismatch', message, { cause: end });
      }
      case GrpcStatus.RESOURCE_EXHAUSTED: {
        const message = `${this.server} has too much to do (${said}); try again later`;
        return new ChatError('server-busy', message, { cause: end });
      }
      case GrpcStatus.INVALID_ARGUMENT:
      case GrpcStatus.ALREADY_EXISTS:
      case GrpcStatus.PERMISSION_DENIED:
      case GrpcStatus.UNAUTHENTICATED:
        return this.protocolError(`refused ${method} with ${said}`, end);
      default:
        return this.lost(end);
    }
  }
}

/** What grpc-js wraps: `No connection established. Last error: Error: connect ECONNREFUSED … (2026-…). …`. */
function lastErrorOf(cause: unknown): string {
  const details = detailsOf(cause);
  const last = /Last error: (?:Error: )?(.*?)(?: \(\d{4}-|\. Resolution note|$)/s.exec(
    details,
  )?.[1];
  return last ?? details;
}

function detailsOf(cause: unknown): string {
  if (cause instanceof Object && 'details' in cause && typeof cause.details === 'string') {
    return cause.details;
  }
  return cause instanceof Error ? cause.message : String(cause);
}

/** How a call ended, in the server's words or in those of grpc-js. */
export type CallEnd = Pick<StatusObject, 'code' | 'details'>;

/**
 * Tells whether the server is shutting down. It says so itself, or a call crossed its GOAWAY, which
 * HTTP/2 calls a stream that was refused. The connection carries no more calls then; while it does, a
 * stream was refused for another reason.
 */
function isShutdown(end: CallEnd): boolean {
  return (
    isRefusedStream(end) ||
    (end.code === GrpcStatus.UNAVAILABLE && /shut(ting)? ?down/i.test(end.details))
  );
}

/** Tells whether the server refused to begin a call, so that nothing of it was done. [RFC 9113, 8.7] */
export function isRefusedStream({ code, details }: CallEnd): boolean {
  return code === GrpcStatus.UNAVAILABLE && details === 'Stream refused by server';
}

// What grpc-js says by itself with a status that servers use too. The server may have done anything.
const madeHere = [
  // A message of more than `grpc.max_receive_message_length`: RESOURCE_EXHAUSTED.
  'Received message ',
  // A message that the contract does not describe: INTERNAL.
  'Response message parsing error',
  // HTTP/2 was told to calm down: RESOURCE_EXHAUSTED.
  'Bandwidth exhausted or memory limit exceeded',
];

/** Whether grpc-js could not use what the server sent. */
export function isUnusable({ details }: CallEnd): boolean {
  return madeHere.some((beginning) => details.startsWith(beginning));
}
