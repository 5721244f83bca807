// Original file: messageservice.proto

import type { Message as _Message, Message__Output as _Message__Output } from './Message.ts';
import type { ServerBatch as _ServerBatch, ServerBatch__Output as _ServerBatch__Output } from './ServerBatch.ts';

/**
 * One response, page of a response, or incoming message on a Converse stream.
 */
export interface ServerFrame {
  /**
   * A code of the table at the top, or 120, 122 or 123.
   */
  'statusCode'?: (number);
  /**
   * With 9 and 12 a page of unread messages, at least one; with 32 the one message. With other codes
   * empty.
   */
  'messages'?: (_Message)[];
  /**
   * With 16, 18 and 19 a page of usernames, at least one. With other codes empty.
   */
  'results'?: (string)[];
  /**
   * With 13 and 64 the token to resume the session with; empty if the account has no secret any more.
   */
  'resumeToken'?: (string);
  /**
   * With 119 the seconds after which the server may check another secret; with 123 those after which the
   * user or the address may ask again, if the server knows them.
   */
  'retryAfterSeconds'?: (number);
  /**
   * Several frames. Only to a client that takes batches; the other fields of this frame are empty then.
   */
  'batch'?: (_ServerBatch | null);
  /**
   * Values that only a few responses have.
   */
  'detail'?: "resumeToken"|"retryAfterSeconds"|"batch";
}

/**
 * One response, page of a response, or incoming message on a Converse stream.
 */
export interface ServerFrame__Output {
  /**
   * A code of the table at the top, or 120, 122 or 123.
   */
  'statusCode': (number);
  /**
   * With 9 and 12 a page of unread messages, at least one; with 32 the one message. With other codes
   * empty.
   */
  'messages': (_Message__Output)[];
  /**
   * With 16, 18 and 19 a page of usernames, at least one. With other codes empty.
   */
  'results': (string)[];
  /**
   * With 13 and 64 the token to resume the session with; empty if the account has no secret any more.
   */
  'resumeToken'?: (string);
  /**
   * With 119 the seconds after which the server may check another secret; with 123 those after which the
   * user or the address may ask again, if the server knows them.
   */
  'retryAfterSeconds'?: (number);
  /**
   * Several frames. Only to a client that takes batches; the other fields of this frame are empty then.
   */
  'batch'?: (_ServerBatch__Output | null);
  /**
   * Values that only a few responses have.
   */
  'detail'?: "resumeToken"|"retryAfterSeconds"|"batch";
}
