// Original file: messageservice.proto

import type { ServerFrame as _ServerFrame, ServerFrame__Output as _ServerFrame__Output } from './ServerFrame.ts';

/**
 * Responses, pages and incoming messages that a server has at the same time, in their order.
 */
export interface ServerBatch {
  /**
   * 1 to as many as the client takes; none of them is a batch.
   */
  'frames'?: (_ServerFrame)[];
}

/**
 * Responses, pages and incoming messages that a server has at the same time, in their order.
 */
export interface ServerBatch__Output {
  /**
   * 1 to as many as the client takes; none of them is a batch.
   */
  'frames': (_ServerFrame__Output)[];
}
