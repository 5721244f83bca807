// Original file: messageservice.proto

import type { Message as _Message, Message__Output as _Message__Output } from './Message.ts';

/**
 * One answer, page of an answer, or incoming message on a Converse stream.
 */
export interface ServerFrame {
  /**
   * A code of the table at the top, or 120, 122 or 123.
   */
  'statusCode'?: (number);
  /**
   * With 9 and 12 a page of unread messages, at least one; with 32 the one message. Else empty.
   */
  'messages'?: (_Message)[];
  /**
   * With 16, 18 and 19 a page of usernames, at least one. Else empty.
   */
  'results'?: (string)[];
  /**
   * With 13 and 64 the token to resume the session with; empty where the account has no secret any
   * more.
   */
  'resumeToken'?: (string);
  /**
   * With 119 the seconds after which another try may have an answer; with 123 those after which the
   * user or the address may ask again, where the server knows them.
   */
  'retryAfterSeconds'?: (number);
  /**
   * What few answers have, and the others need not carry.
   */
  'detail'?: "resumeToken"|"retryAfterSeconds";
}

/**
 * One answer, page of an answer, or incoming message on a Converse stream.
 */
export interface ServerFrame__Output {
  /**
   * A code of the table at the top, or 120, 122 or 123.
   */
  'statusCode': (number);
  /**
   * With 9 and 12 a page of unread messages, at least one; with 32 the one message. Else empty.
   */
  'messages': (_Message__Output)[];
  /**
   * With 16, 18 and 19 a page of usernames, at least one. Else empty.
   */
  'results': (string)[];
  /**
   * With 13 and 64 the token to resume the session with; empty where the account has no secret any
   * more.
   */
  'resumeToken'?: (string);
  /**
   * With 119 the seconds after which another try may have an answer; with 123 those after which the
   * user or the address may ask again, where the server knows them.
   */
  'retryAfterSeconds'?: (number);
  /**
   * What few answers have, and the others need not carry.
   */
  'detail'?: "resumeToken"|"retryAfterSeconds";
}
