// Original file: messageservice.proto

import type { Message as _Message, Message__Output as _Message__Output } from './Message.ts';

/**
 * The outcome of a Login.
 */
export interface LoginResponse {
  /**
   * 8, 9, 10, 11, 121 or 127.
   */
  'statusCode'?: (number);
  /**
   * With 9 the mailbox, in order: all of it as long as that takes no more than about 3.9 MB, since
   * gRPC clients receive 4 MiB unless told otherwise. A mailbox of 10,000 messages, the default,
   * takes at most 3.2 MB. Of a larger one the rest comes over Subscribe. Else empty.
   */
  'messages'?: (_Message)[];
}

/**
 * The outcome of a Login.
 */
export interface LoginResponse__Output {
  /**
   * 8, 9, 10, 11, 121 or 127.
   */
  'statusCode': (number);
  /**
   * With 9 the mailbox, in order: all of it as long as that takes no more than about 3.9 MB, since
   * gRPC clients receive 4 MiB unless told otherwise. A mailbox of 10,000 messages, the default,
   * takes at most 3.2 MB. Of a larger one the rest comes over Subscribe. Else empty.
   */
  'messages': (_Message__Output)[];
}
