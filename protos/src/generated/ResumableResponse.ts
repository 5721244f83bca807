// Original file: messageservice.proto

import type { Message as _Message, Message__Output as _Message__Output } from './Message.ts';

/**
 * The outcome of a LoginWithSecret, a Resume or a ChangeSecret.
 */
export interface ResumableResponse {
  /**
   * 8, 9, 11, 14, 15, 64, 65, 116, 117, 118, 119, 121 or 127.
   */
  'statusCode'?: (number);
  /**
   * With 9 the mailbox, as in LoginResponse. With other codes empty.
   */
  'messages'?: (_Message)[];
  /**
   * With 8, 9 and 64 the token to resume the session with [P-2.5]; empty if the account has no secret any
   * more. With other codes empty.
   */
  'resumeToken'?: (string);
  /**
   * With 119 the seconds after which the server may check another secret. With other codes 0.
   */
  'retryAfterSeconds'?: (number);
}

/**
 * The outcome of a LoginWithSecret, a Resume or a ChangeSecret.
 */
export interface ResumableResponse__Output {
  /**
   * 8, 9, 11, 14, 15, 64, 65, 116, 117, 118, 119, 121 or 127.
   */
  'statusCode': (number);
  /**
   * With 9 the mailbox, as in LoginResponse. With other codes empty.
   */
  'messages': (_Message__Output)[];
  /**
   * With 8, 9 and 64 the token to resume the session with [P-2.5]; empty if the account has no secret any
   * more. With other codes empty.
   */
  'resumeToken': (string);
  /**
   * With 119 the seconds after which the server may check another secret. With other codes 0.
   */
  'retryAfterSeconds': (number);
}
