// Original file: messageservice.proto

import type { Message as _Message, Message__Output as _Message__Output } from './Message.ts';
import type { ServerBatch as _ServerBatch, ServerBatch__Output as _ServerBatch__Output } from './ServerBatch.ts';

export interface ServerFrame {
  'statusCode'?: (number);
  'messages'?: (_Message)[];
  'results'?: (string)[];
  'resumeToken'?: (string);
  'retryAfterSeconds'?: (number);
  'batch'?: (_ServerBatch | null);
  'detail'?: "resumeToken"|"retryAfterSeconds"|"batch";
}

export interface ServerFrame__Output {
  'statusCode': (number);
  'messages': (_Message__Output)[];
  'results': (string)[];
  'resumeToken'?: (string);
  'retryAfterSeconds'?: (number);
  'batch'?: (_ServerBatch__Output | null);
  'detail'?: "resumeToken"|"retryAfterSeconds"|"batch";
}
