// Original file: messageservice.proto


/**
 * Names a user to block or to unblock.
 */
export interface BlockRequest {
  /**
   * The username of the session's user.
   */
  'username'?: (string);
  /**
   * The username of the user to block or to unblock.
   */
  'name'?: (string);
}

/**
 * Names a user to block or to unblock.
 */
export interface BlockRequest__Output {
  /**
   * The username of the session's user.
   */
  'username': (string);
  /**
   * The username of the user to block or to unblock.
   */
  'name': (string);
}
