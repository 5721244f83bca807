import { status as GrpcStatus } from '@grpc/grpc-js';
import { Status } from '@tandem/core';
import { type CallEnd, isUnusable } from './call-end.ts';

/** The refusals that a unary call ends with as gRPC errors. They change nothing. */
const refusals: ReadonlyMap<GrpcStatus, Status> = new Map<GrpcStatus, Status>([
  [GrpcStatus.UNAUTHENTICATED, Status.notLoggedIn],
  [GrpcStatus.INVALID_ARGUMENT, Status.invalidContent],
  [GrpcStatus.RESOURCE_EXHAUSTED, Status.tooBusy],
]);

/** The refusal that an error of a unary call is; undefined for what is none, and breaks the client. */
export function refusalOf(end: CallEnd): Status | undefined {
  return isUnusable(end) ? undefined : refusals.get(end.code);
}
