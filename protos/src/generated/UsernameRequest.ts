// Original file: messageservice.proto


/**
 * Names a user: to register, or to log in, subscribe, log out or delete as.
 */
export interface UsernameRequest {
  /**
   * A username [P-2.1].
   */
  'username'?: (string);
  /**
   * To Login: this client calls Acknowledge, and the server keeps each message until it does. If not
   * set, as by the client of 2023, a message counts as taken once the call's stream has accepted
   * its bytes, and one accepted but never read is lost. Elsewhere it means nothing.
   */
  'acknowledges'?: (boolean);
}

/**
 * Names a user: to register, or to log in, subscribe, log out or delete as.
 */
export interface UsernameRequest__Output {
  /**
   * A username [P-2.1].
   */
  'username': (string);
  /**
   * To Login: this client calls Acknowledge, and the server keeps each message until it does. If not
   * set, as by the client of 2023, a message counts as taken once the call's stream has accepted
   * its bytes, and one accepted but never read is lost. Elsewhere it means nothing.
   */
  'acknowledges': (boolean);
}
