// Original file: messageservice.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Resumes a session.
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
   * The number of messages that the client has taken in the token's session, acknowledged or not: as
   * AcknowledgeRequest.count.
   */
  'count'?: (number | string | Long);
  /**
   * For Resume: as UsernameRequest.acknowledges. A Converse stream ignores it.
   */
  'acknowledges'?: (boolean);
}

/**
 * Resumes a session.
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
   * The number of messages that the client has taken in the token's session, acknowledged or not: as
   * AcknowledgeRequest.count.
   */
  'count': (number);
  /**
   * For Resume: as UsernameRequest.acknowledges. A Converse stream ignores it.
   */
  'acknowledges': (boolean);
}
