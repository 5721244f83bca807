import { status as GrpcStatus, Metadata, type ServiceError } from '@grpc/grpc-js';
import { Status } from '@tandem/core';

/** The status of a call that ends without a response. */
export type CallError = Pick<ServiceError, 'code' | 'details'> &
  Partial<Pick<ServiceError, 'metadata'>>;

/** The refusals that gRPC has a status of its own for. Outcomes of the chat stay in `status_code`. */
const errors: ReadonlyMap<Status, CallError> = new Map<Status, CallError>([
  [
    Status.notLoggedIn,
    {
      code: GrpcStatus.UNAUTHENTICATED,
      details:
        'this needs a session of that user: log in, and send the token that Login answered; or it needs a secret, or the operator',
    },
  ],
  [
    Status.invalidContent,
    {
      code: GrpcStatus.INVALID_ARGUMENT,
      details:
        'usernames are 1 to 50 letters and digits, queries up to 50 of those and *, messages 1 to 262 printable ASCII characters without |, not all of them spaces; secrets are printable ASCII characters without |',
    },
  ],
  [
    Status.tooBusy,
    {
      code: GrpcStatus.RESOURCE_EXHAUSTED,
      details: 'the server has too much to do; try again later',
    },
  ],
]);

/** Returns the error that a unary call ends with for a refusal; undefined for an outcome, which has a response. */
export function callErrorOf(status: Status): CallError | undefined {
  return errors.get(status);
}

/** The trailer of gRPC that says after how many milliseconds to try again. [gRFC A6] */
const pushbackKey = 'grpc-retry-pushback-ms';

/** Returns the error of a call that asks for what its user or address has had too much of. [P-4.12] */
export function tooBusyUntil(retryAfterS: number): CallError {
  const metadata = new Metadata();
  metadata.set(pushbackKey, String(retryAfterS * 1_000));
  const details = `this user or this address has asked for too much; try again after ${retryAfterS} s`;
  return { code: GrpcStatus.RESOURCE_EXHAUSTED, details, metadata };
}

/** The error of all calls while the server shuts down. [P-6.9] */
export const shuttingDown: CallError = {
  code: GrpcStatus.UNAVAILABLE,
  details: 'the server is shutting down',
};

/** The error of a false acknowledgement, or of a frame without a request. [P-5.2] */
export const badOperation: CallError = {
  code: GrpcStatus.INVALID_ARGUMENT,
  details: 'no such operation, or an acknowledgement of more than was delivered',
};

/** The error of a stream whose session goes on elsewhere. [P-4.9] */
export const resumedElsewhere: CallError = {
  code: GrpcStatus.ABORTED,
  details: 'the session was resumed elsewhere',
};

/** The error of a stream whose session has lasted for as long as one may. [P-5.1] */
export const sessionExpired: CallError = {
  code: GrpcStatus.UNAUTHENTICATED,
  details: 'the session has reached its longest time: log in again, or resume it',
};

/** The error of a stream whose session the operator has ended. [P-5.1] */
export const dismissed: CallError = {
  code: GrpcStatus.ABORTED,
  details: 'the operator of the server ended the session',
};

/** The error of a stream without a session that is silent for too long. [P-6.10] */
export const saidNothing: CallError = {
  code: GrpcStatus.UNAVAILABLE,
  details: 'closed: nobody is logged in here, and the client sent nothing for too long',
};

/** The error of a second Subscribe for a session. */
export const alreadySubscribed: CallError = {
  code: GrpcStatus.ALREADY_EXISTS,
  details: 'this session has a Subscribe stream already',
};

/** The error of a fault of the server, which its log explains. */
export const internalError: CallError = {
  code: GrpcStatus.INTERNAL,
  details: 'something went wrong inside the server',
};
