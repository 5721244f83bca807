// Original file: messageservice.proto


/**
 * Names the user who registers, logs in, subscribes, logs out or deletes the account.
 */
export interface UsernameRequest {
  /**
   * A username [P-2.1].
   */
  'username'?: (string);
  /**
   * For Login: the client calls Acknowledge, and the server keeps each message until then. If it is not
   * set, as by the client of 2023, a message counts as taken once the call's stream has accepted its
   * bytes, so one that the client never reads is lost. Other calls ignore it.
   */
  'acknowledges'?: (boolean);
}

/**
 * Names the user who registers, logs in, subscribes, logs out or deletes the account.
 */
export interface UsernameRequest__Output {
  /**
   * A username [P-2.1].
   */
  'username': (string);
  /**
   * For Login: the client calls Acknowledge, and the server keeps each message until then. If it is not
   * set, as by the client of 2023, a message counts as taken once the call's stream has accepted its
   * bytes, so one that the client never reads is lost. Other calls ignore it.
   */
  'acknowledges': (boolean);
}
