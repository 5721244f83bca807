// Original file: messageservice.proto


/**
 * A message to send.
 */
export interface MessageRequest {
  /**
   * The username of the session's user.
   */
  'sender'?: (string);
  /**
   * The username of the user to receive it.
   */
  'recipient'?: (string);
  /**
   * The body [P-2.3].
   */
  'body'?: (string);
}

/**
 * A message to send.
 */
export interface MessageRequest__Output {
  /**
   * The username of the session's user.
   */
  'sender': (string);
  /**
   * The username of the user to receive it.
   */
  'recipient': (string);
  /**
   * The body [P-2.3].
   */
  'body': (string);
}
