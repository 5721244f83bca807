import { type ClientRequest, messageBytes, Operation, type ResponseContent } from '@tandem/core';
import type { ClientFrame, ServerFrame__Output } from '@tandem/protos';

/** The frame that asks for something on a Converse stream. */
export function frameOf(request: ClientRequest): ClientFrame {
  switch (request.operation) {
    case Operation.register:
      return { register: { username: request.username } };
    case Operation.login:
      return { login: { username: request.username } };
    case Operation.search:
      return { search: { query: request.query } };
    case Operation.send:
      return { send: request };
    case Operation.logout:
      return { logout: { username: request.username } };
    case Operation.delete:
      return { delete: { username: request.username } };
  }
}

/** What a frame carries besides its status; undefined when that is nothing. */
export function contentOf({ messages, results }: ServerFrame__Output): ResponseContent | undefined {
  if (messages.length === 0 && results.length === 0) return undefined;
  return { messages, usernames: results };
}

/** What that weighs, as the framed dialect would carry it. [P-6.4] */
export function bytesOf(content: ResponseContent | undefined): number {
  if (content === undefined) return 0;
  let bytes = 0;
  for (const message of content.messages) bytes += messageBytes(message) + 1;
  for (const username of content.usernames) bytes += username.length + 1;
  return bytes;
}
