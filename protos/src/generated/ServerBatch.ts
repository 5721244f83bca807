// Original file: messageservice.proto

import type { ServerFrame as _ServerFrame, ServerFrame__Output as _ServerFrame__Output } from './ServerFrame.ts';

export interface ServerBatch {
  'frames'?: (_ServerFrame)[];
}

export interface ServerBatch__Output {
  'frames': (_ServerFrame__Output)[];
}
