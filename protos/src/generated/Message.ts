// Original file: messageservice.proto


/**
 * A message to the user who receives it.
 */
export interface Message {
  /**
   * The username of the user who sent it [P-2.1]; that account may be deleted by now.
   */
  'sender'?: (string);
  /**
   * The body [P-2.3].
   */
  'body'?: (string);
}

/**
 * A message to the user who receives it.
 */
export interface Message__Output {
  /**
   * The username of the user who sent it [P-2.1]; that account may be deleted by now.
   */
  'sender': (string);
  /**
   * The body [P-2.3].
   */
  'body': (string);
}
