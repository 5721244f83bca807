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
   * With 9 the mailbox, in order, up to about 3.9 MB, since gRPC clients receive 4 MiB by default. The
   * rest of a larger mailbox comes over Subscribe. A mailbox of 10,000 messages, the default limit, takes
   * at most 3.2 MB. With other codes empty.
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
   * With 9 the mailbox, in order, up to about 3.9 MB, since gRPC clients receive 4 MiB by default. The
   * rest of a larger mailbox comes over Subscribe. A mailbox of 10,000 messages, the default limit, takes
   * at most 3.2 MB. With other codes empty.
   */
  'messages': (_Message__Output)[];
}
