// Original file: messageservice.proto


/**
 * Says whom a user blocks, or blocks no more.
 */
export interface BlockRequest {
  /**
   * The username of the session's user.
   */
  'username'?: (string);
  /**
   * Who is blocked.
   */
  'name'?: (string);
}

/**
 * Says whom a user blocks, or blocks no more.
 */
export interface BlockRequest__Output {
  /**
   * The username of the session's user.
   */
  'username': (string);
  /**
   * Who is blocked.
   */
  'name': (string);
}
