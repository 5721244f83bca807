import type { Request } from '@tandem/chat';
import { Operation, parseAcknowledgement, parseSend, senderOf } from '@tandem/core';

/** Reads a request from its operation and its content, which are the same in both dialects. [P-4] */
export function requestOf(operation: number, content: string): Request {
  switch (operation) {
    case Operation.register:
    case Operation.login:
    case Operation.logout:
    case Operation.delete:
      return { operation, username: content };
    case Operation.search:
      return { operation, query: content };
    case Operation.send:
      return { operation, ...sendOf(content) };
    case Operation.acknowledge:
      return { operation, count: parseAcknowledgement(content) };
    default:
      return { operation: 'unknown' };
  }
}

// Whose name it is in comes before whether it is well formed. [P-5.4]
function sendOf(content: string) {
  return parseSend(content) ?? { sender: senderOf(content), recipient: '', body: '' };
}
