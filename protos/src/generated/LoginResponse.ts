// Original file: messageservice.proto

import type { Message as _Message, Message__Output as _Message__Output } from './Message.ts';

export interface LoginResponse {
  'statusCode'?: (number);
  'messages'?: (_Message)[];
}

export interface LoginResponse__Output {
  'statusCode': (number);
  'messages': (_Message__Output)[];
}
