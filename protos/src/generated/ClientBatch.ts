// Original file: messageservice.proto

import type { ClientFrame as _ClientFrame, ClientFrame__Output as _ClientFrame__Output } from './ClientFrame.ts';

export interface ClientBatch {
  'frames'?: (_ClientFrame)[];
}

export interface ClientBatch__Output {
  'frames': (_ClientFrame__Output)[];
}
