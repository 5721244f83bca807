import { status as GrpcStatus, type ServiceError } from '@grpc/grpc-js';
import { Status } from '@tandem/core';

/** What a call ends with instead of a response. */
export type CallError = Pick<ServiceError, 'code' | 'details'>;

/** Refusals that gRPC has a status of its own for. Outcomes of the chat stay in `status_code`. */
const errors: ReadonlyMap<Status, CallError> = new Map<Status, CallError>([
  [
    Status.notLoggedIn,
    {
      code: GrpcStatus.UNAUTHENTICATED,
      details: 'this needs a session of that user: log in, and send the token that Login answered',
    },
  ],
  [
    Status.invalidContent,
    {
      code: GrpcStatus.INVALID_ARGUMENT,
      details:
        'usernames are 1 to 50 letters and digits, queries up to 50 of those and *, messages 1 to 262 printable ASCII characters without |, not all of them spaces',
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

/** The error that a refusal ends a unary call with; undefined for an outcome, which is a response. */
export function callErrorOf(status: Status): CallError | undefined {
  return errors.get(status);
}

/** The server is shutting down. [P-6.9] */
export const shuttingDown: CallError = {
  code: GrpcStatus.UNAVAILABLE,
  details: 'the server is shutting down',
};

/** A false acknowledgement, or a frame that says nothing. [P-5.2] */
export const badOperation: CallError = {
  code: GrpcStatus.INVALID_ARGUMENT,
  details: 'no such operation, or an acknowledgement of more than was delivered',
};

/** A stream without a session that said nothing for too long. [P-6.10] */
export const saidNothing: CallError = {
  code: GrpcStatus.UNAVAILABLE,
  details: 'closed: nobody is logged in here, and nothing was said for too long',
};

/** A second Subscribe for a session. */
export const alreadySubscribed: CallError = {
  code: GrpcStatus.ALREADY_EXISTS,
  details: 'this session has a Subscribe stream already',
};

/** Something went wrong inside the server; its log says what. */
export const internalError: CallError = {
  code: GrpcStatus.INTERNAL,
  details: 'something went wrong inside the server',
};
