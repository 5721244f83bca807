// Original file: messageservice.proto


/**
 * Names a user and their secret: to register, or to log in as.
 */
export interface SecretRequest {
  /**
   * A username [P-2.1].
   */
  'username'?: (string);
  /**
   * The secret [P-2.4].
   */
  'secret'?: (string);
  /**
   * To LoginWithSecret: as UsernameRequest.acknowledges. Elsewhere it means nothing.
   */
  'acknowledges'?: (boolean);
}

/**
 * Names a user and their secret: to register, or to log in as.
 */
export interface SecretRequest__Output {
  /**
   * A username [P-2.1].
   */
  'username': (string);
  /**
   * The secret [P-2.4].
   */
  'secret': (string);
  /**
   * To LoginWithSecret: as UsernameRequest.acknowledges. Elsewhere it means nothing.
   */
  'acknowledges': (boolean);
}
