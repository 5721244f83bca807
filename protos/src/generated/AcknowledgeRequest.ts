// Original file: messageservice.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Tells the server what the client has taken.
 */
export interface AcknowledgeRequest {
  /**
   * The username of the session's user.
   */
  'username'?: (string);
  /**
   * How many messages the client has taken since the session began, those of the login's answer
   * first: cumulative, so a lower count than before changes nothing. At most 2^53 - 1 [P-5.2], the
   * largest integer that every client's numbers hold. 64 bits because 32 cannot say that; unsigned
   * because a count is: what a signed writer made negative arrives above the limit and is refused;
   * not fixed, because counts are small and a varint of one takes 1 to 3 bytes.
   */
  'count'?: (number | string | Long);
}

/**
 * Tells the server what the client has taken.
 */
export interface AcknowledgeRequest__Output {
  /**
   * The username of the session's user.
   */
  'username': (string);
  /**
   * How many messages the client has taken since the session began, those of the login's answer
   * first: cumulative, so a lower count than before changes nothing. At most 2^53 - 1 [P-5.2], the
   * largest integer that every client's numbers hold. 64 bits because 32 cannot say that; unsigned
   * because a count is: what a signed writer made negative arrives above the limit and is refused;
   * not fixed, because counts are small and a varint of one takes 1 to 3 bytes.
   */
  'count': (number);
}
