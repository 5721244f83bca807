import type { Request } from '@tandem/chat';
import { Operation } from '@tandem/core';
import { type ClientFrame__Output, loadMessageService } from '@tandem/protos';

const broken: Request = {
  operation: 'broken',
  reason: 'a frame that asks for nothing, or is no message',
};

/**
 * Reads a frame of a Converse stream; bytes that are no message are a frame that asks for nothing. If
 * this threw, grpc-js would end the stream at once, without the answers to earlier requests.
 */
export function readFrame(bytes: Buffer): ClientFrame__Output {
  try {
    return loadMessageService().Converse.requestDeserialize(bytes);
  } catch {
    return {};
  }
}

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
    case 'registerWithSecret':
    case 'loginWithSecret': {
      const { username = '', secret = '' } = frame[frame.request] ?? {};
      return { operation: Operation[frame.request], username, secret };
    }
    case 'resume': {
      const { username = '', token = '', count = 0 } = frame.resume ?? {};
      return { operation: Operation.resume, username, token, count };
    }
    case 'changeSecret': {
      const { username = '', current = '', secret = '' } = frame.changeSecret ?? {};
      return { operation: Operation.changeSecret, username, current, secret };
    }
    case 'block':
    case 'unblock': {
      const { username = '', name = '' } = frame[frame.request] ?? {};
      return { operation: Operation[frame.request], username, name };
    }
    default:
      return broken;
  }
}
