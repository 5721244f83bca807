import type { Request } from '@tandem/chat';
import { Operation } from '@tandem/core';
import type { ClientFrame__Output } from '@tandem/protos';

const broken: Request = { operation: 'broken', reason: 'a frame that asks for nothing' };

/** Returns the request in a frame of a Converse stream. A frame without one breaks the protocol. */
export function requestOf(frame: ClientFrame__Output): Request {
  switch (frame.request) {
    case 'register':
    case 'login':
    case 'logout':
    case 'delete':
      return {
        operation: Operation[frame.request],
        username: frame[frame.request]?.username ?? '',
      };
    case 'search':
      return { operation: Operation.search, query: frame.search?.query ?? '' };
    case 'send':
      return {
        operation: Operation.send,
        sender: frame.send?.sender ?? '',
        recipient: frame.send?.recipient ?? '',
        body: frame.send?.body ?? '',
      };
    case 'acknowledge':
      return { operation: Operation.acknowledge, count: frame.acknowledge?.count ?? 0 };
    default:
      return broken;
  }
}
