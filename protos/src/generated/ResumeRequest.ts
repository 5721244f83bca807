// Original file: messageservice.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Goes on with a session.
 */
export interface ResumeRequest {
  /**
   * The username of the session's user.
   */
  'username'?: (string);
  /**
   * The token that the last session was given [P-2.5].
   */
  'token'?: (string);
  /**
   * How many messages of the session that the token was given to the client has taken, acknowledged or
   * not: as AcknowledgeRequest.count.
   */
  'count'?: (number | string | Long);
  /**
   * To Resume: as UsernameRequest.acknowledges. On a Converse stream it means nothing.
   */
  'acknowledges'?: (boolean);
}

/**
 * Goes on with a session.
 */
export interface ResumeRequest__Output {
  /**
   * The username of the session's user.
   */
  'username': (string);
  /**
   * The token that the last session was given [P-2.5].
   */
  'token': (string);
  /**
   * How many messages of the session that the token was given to the client has taken, acknowledged or
   * not: as AcknowledgeRequest.count.
   */
  'count': (number);
  /**
   * To Resume: as UsernameRequest.acknowledges. On a Converse stream it means nothing.
   */
  'acknowledges': (boolean);
}
