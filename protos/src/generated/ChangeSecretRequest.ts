// Original file: messageservice.proto


/**
 * Changes a secret.
 */
export interface ChangeSecretRequest {
  /**
   * The username of the session's user.
   */
  'username'?: (string);
  /**
   * The secret that the account has; empty if it has none.
   */
  'current'?: (string);
  /**
   * The new secret [P-2.4]; empty to remove it.
   */
  'secret'?: (string);
}

/**
 * Changes a secret.
 */
export interface ChangeSecretRequest__Output {
  /**
   * The username of the session's user.
   */
  'username': (string);
  /**
   * The secret that the account has; empty if it has none.
   */
  'current': (string);
  /**
   * The new secret [P-2.4]; empty to remove it.
   */
  'secret': (string);
}
