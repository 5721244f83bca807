import { Status } from '@tandem/core';
import { echoedRecipient, echoedSender, searchedName } from './echo-operations.ts';
import type { Workload } from './lane.ts';

/** A request over HTTP with JSON, and how its answer is told. */
export interface JsonRequest {
  readonly path: string;
  readonly body: object;
  readonly isAnswer: (answer: unknown) => boolean;
}

/** The request of a workload: the fields that the gRPC contract has. */
export function jsonRequestOf(workload: Workload): JsonRequest {
  if (workload.kind === 'search') {
    return {
      path: '/search',
      body: { query: searchedName },
      isAnswer: (answer) => (answer as { results?: string[] }).results?.[0] === searchedName,
    };
  }
  const { body } = workload;
  return {
    path: '/send',
    body: { sender: echoedSender, recipient: echoedRecipient, body },
    isAnswer: (answer) => (answer as { body?: string }).body?.length === body.length,
  };
}

/** The response to a request: the query as the one name found; the request itself for a send. */
export function jsonAnswerTo(path: string | undefined, request: unknown): object {
  if (path !== '/search') return request as object;
  const { query } = request as { query: string };
  return { statusCode: Status.found, results: [query] };
}
