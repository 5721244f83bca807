import { status as GrpcStatus, type StatusObject } from '@grpc/grpc-js';
import { ChatError, ConnectionFailures, type Place } from '@tandem/core';

/** The errors of this transport. Each message says what happened and what to do. */
export class Failures extends ConnectionFailures {
  constructor(place: Place) {
    super(place, 'gRPC');
  }

  /**
   * The error of a connection on which TCP or HTTP/2 failed.
   *
   * @param end the status of a call that says why
   */
  channelFailed(end: CallStatus): ChatError {
    const reason = lastErrorOf(end);
    if (/protocol error/i.test(reason)) return this.otherProtocol('not HTTP/2', end);
    return /^E[A-Z]+$|closed|Failed to connect/.test(reason)
      ? this.endedBeforeGreeting(undefined)
      : this.connectFailed(end, reason);
  }

  /** The error of a connection that ended without a reason. */
  lost(cause?: unknown): ChatError {
    const why = cause === undefined ? '' : ` (${detailsOf(cause)})`;
    const message = `${this.server} ended the connection${why}; connect and log in again`;
    return new ChatError('connection-lost', message, { cause });
  }

  /** The error of a session that the server ended though nobody logged out. */
  sessionEnded(): ChatError {
    return new ChatError(
      'connection-lost',
      `${this.server} ended the session; connect and log in again`,
    );
  }

  /** The error of a Login without a token: the contract of 2023 had none. */
  noToken(): ChatError {
    const message = `${this.server} answered a Login without a session token, as the contract of 2023 did; update the server`;
    return new ChatError('version-mismatch', message);
  }

  /**
   * The error of a call that ended without a response.
   *
   * @param method the name of the call in the contract
   */
  callFailed(method: string, end: CallStatus): ChatError {
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

/** Returns the reason that grpc-js wraps: `No connection established. Last error: Error: connect ECONNREFUSED … (2026-…). …`. */
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

/** The gRPC status that a call ended with; the server made it, or grpc-js. */
export type CallStatus = Pick<StatusObject, 'code' | 'details'> &
  Partial<Pick<StatusObject, 'metadata'>>;

/**
 * Tells whether the server is shutting down. It says so itself, or a call crossed its GOAWAY and
 * HTTP/2 refused the stream. The connection carries no more calls then; while it does, a stream was
 * refused for another reason.
 */
function isShutdown(end: CallStatus): boolean {
  return (
    isRefusedStream(end) ||
    (end.code === GrpcStatus.UNAVAILABLE && /shut(ting)? ?down/i.test(end.details))
  );
}

/** Tells whether the server refused to begin a call, so that nothing of it was done. [RFC 9113, 8.7] */
export function isRefusedStream({ code, details }: CallStatus): boolean {
  return code === GrpcStatus.UNAVAILABLE && details === 'Stream refused by server';
}

// Details of errors that grpc-js makes itself, with codes that servers use too.
const localDetails = [
  // A message of more than `grpc.max_receive_message_length`: RESOURCE_EXHAUSTED.
  'Received message ',
  // A message that the contract does not describe: INTERNAL.
  'Response message parsing error',
  // The server sent ENHANCE_YOUR_CALM: RESOURCE_EXHAUSTED.
  'Bandwidth exhausted or memory limit exceeded',
];

/** Tells whether grpc-js made this status because it could not use what the server sent. */
export function isUnusable({ details }: CallStatus): boolean {
  return localDetails.some((beginning) => details.startsWith(beginning));
}
