// Original file: messageservice.proto


/**
 * Names the user who registers or logs in, with their secret.
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
   * For LoginWithSecret: as UsernameRequest.acknowledges. Other calls ignore it.
   */
  'acknowledges'?: (boolean);
}

/**
 * Names the user who registers or logs in, with their secret.
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
   * For LoginWithSecret: as UsernameRequest.acknowledges. Other calls ignore it.
   */
  'acknowledges': (boolean);
}
