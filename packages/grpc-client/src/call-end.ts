import { status as GrpcStatus, type StatusObject } from '@grpc/grpc-js';

/** How a call ended, in the server's words or in those of grpc-js. */
export type CallEnd = Pick<StatusObject, 'code' | 'details'>;

/**
 * Whether the server is shutting down. It says so itself, or a call crossed its GOAWAY, which HTTP/2
 * calls a stream that was refused.
 */
export function isShutdown({ code, details }: CallEnd): boolean {
  return (
    code === GrpcStatus.UNAVAILABLE &&
    (/shut(ting)? ?down/i.test(details) || details === 'Stream refused by server')
  );
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
