import { Status } from '@tandem/core';
import { echoedRecipient, echoedSender, searchedName } from '../echo/echo-operations.ts';
import type { Workload } from '../lane.ts';

/** A request over HTTP with JSON, and the test of its response. */
export interface JsonRequest {
  readonly path: string;
  readonly body: object;
  readonly isExpected: (response: unknown) => boolean;
}

/** The request of a workload: the fields that the gRPC contract has. */
export function jsonRequestOf(workload: Workload): JsonRequest {
  if (workload.kind === 'search') {
    return {
      path: '/search',
      body: { query: searchedName },
      isExpected: (response) => (response as { results?: string[] }).results?.[0] === searchedName,
    };
  }
  const { body } = workload;
  return {
    path: '/send',
    body: { sender: echoedSender, recipient: echoedRecipient, body },
    isExpected: (response) => (response as { body?: string }).body?.length === body.length,
  };
}

/** The response to a request: the query as the one name found; the request itself for a send. */
export function jsonResponseTo(path: string | undefined, request: unknown): object {
  if (path !== '/search') return request as object;
  const { query } = request as { query: string };
  return { statusCode: Status.found, results: [query] };
}
