// Original file: messageservice.proto

import type { ClientFrame as _ClientFrame, ClientFrame__Output as _ClientFrame__Output } from './ClientFrame.ts';

/**
 * Requests that a client has at the same time, in their order.
 */
export interface ClientBatch {
  /**
   * 1 to as many as the server takes; none of them is a batch.
   */
  'frames'?: (_ClientFrame)[];
}

/**
 * Requests that a client has at the same time, in their order.
 */
export interface ClientBatch__Output {
  /**
   * 1 to as many as the server takes; none of them is a batch.
   */
  'frames': (_ClientFrame__Output)[];
}
