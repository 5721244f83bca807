import type { Request } from '@tandem/chat';
import { Operation } from '@tandem/core';
import {
  batchFramesMax,
  type ClientFrame__Output,
  framesOf,
  isBatch,
  loadMessageService,
} from '@tandem/protos';

const broken: Request = {
  operation: 'broken',
  reason: 'a frame that asks for nothing, or is no message',
};

const brokenBatch: Request = {
  operation: 'broken',
  reason: `a batch that is empty, has more than ${batchFramesMax} frames, or has something else`,
};

/** The requests of a Converse stream, in the messages that carry them, each of which is a frame or a batch. */
export class RequestReader {
  /** The frames of the batch that are still to be taken, the next one last. */
  #frames: Buffer[] = [];
  #alone = true;

  /** True when the last message was a frame, and no batch. */
  get alone(): boolean {
    return this.#alone;
  }

  /** Returns the next request of a message that is read already. */
  next(): Request | undefined {
    const frame = this.#frames.pop();
    return frame && requestOf(readFrame(frame));
  }

  /** Returns the first request of the next message. */
  read(message: Buffer): Request {
    this.#alone = !isBatch(message);
    if (this.#alone) return requestOf(readFrame(message));
    const frames = framesOf(message);
    if (frames === undefined) return brokenBatch;
    this.#frames = frames.reverse();
    return this.next() ?? broken;
  }
}

/** Reads a frame; bytes that are no message are a frame that asks for nothing. */
function readFrame(bytes: Buffer): ClientFrame__Output {
  try {
    return loadMessageService().Converse.requestDeserialize(bytes);
  } catch {
    return {};
  }
}

/** Returns the request in a frame of a Converse stream. A frame without one breaks the protocol. */
function requestOf(frame: ClientFrame__Output): Request {
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
