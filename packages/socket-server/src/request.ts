import type { Request } from '@tandem/chat';
import { Operation, parseAcknowledgement, parseParts, parseSend, senderOf } from '@tandem/core';

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
    case Operation.registerWithSecret:
    case Operation.loginWithSecret: {
      const [username = '', secret = ''] = parseParts(content, 2);
      return { operation, username, secret };
    }
    case Operation.resume: {
      const [username = '', token = '', count = ''] = parseParts(content, 3);
      return { operation, username, token, count: parseAcknowledgement(count) };
    }
    case Operation.changeSecret: {
      const [username = '', current = '', secret = ''] = parseParts(content, 3);
      return { operation, username, current, secret };
    }
    case Operation.block:
    case Operation.unblock: {
      const [username = '', name = ''] = parseParts(content, 2);
      return { operation, username, name };
    }
    default:
      return { operation: 'unknown' };
  }
}

// Whose name it is in comes before whether it is well formed. [P-5.4]
function sendOf(content: string) {
  return parseSend(content) ?? { sender: senderOf(content), recipient: '', body: '' };
}
