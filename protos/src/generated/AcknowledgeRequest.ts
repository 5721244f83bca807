// Original file: messageservice.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Acknowledges the messages that the client has taken.
 */
export interface AcknowledgeRequest {
  /**
   * The username of the session's user.
   */
  'username'?: (string);
  /**
   * The number of messages that the client has taken since the session began; those of the login's
   * response come first. It is cumulative, so a lower count than before changes nothing. At most 2^53 - 1
   * [P-5.2], the largest integer that every client's numbers hold, which needs more than 32 bits. It is
   * unsigned, so a negative number of a signed writer arrives above the limit and is refused. It is not
   * fixed, because counts are small and the varint of one takes 1 to 3 bytes.
   */
  'count'?: (number | string | Long);
}

/**
 * Acknowledges the messages that the client has taken.
 */
export interface AcknowledgeRequest__Output {
  /**
   * The username of the session's user.
   */
  'username': (string);
  /**
   * The number of messages that the client has taken since the session began; those of the login's
   * response come first. It is cumulative, so a lower count than before changes nothing. At most 2^53 - 1
   * [P-5.2], the largest integer that every client's numbers hold, which needs more than 32 bits. It is
   * unsigned, so a negative number of a signed writer arrives above the limit and is refused. It is not
   * fixed, because counts are small and the varint of one takes 1 to 3 bytes.
   */
  'count': (number);
}
