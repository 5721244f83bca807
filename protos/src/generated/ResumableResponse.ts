// Original file: messageservice.proto

import type { Message as _Message, Message__Output as _Message__Output } from './Message.ts';

export interface ResumableResponse {
  'statusCode'?: (number);
  'messages'?: (_Message)[];
  'resumeToken'?: (string);
  'retryAfterSeconds'?: (number);
}

export interface ResumableResponse__Output {
  'statusCode': (number);
  'messages': (_Message__Output)[];
  'resumeToken': (string);
  'retryAfterSeconds': (number);
}
