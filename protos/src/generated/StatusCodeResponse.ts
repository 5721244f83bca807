// Original file: messageservice.proto


/**
 * The outcome of a call that returns nothing else.
 */
export interface StatusCodeResponse {
  /**
   * A code of the table at the top; each RPC lists its own.
   */
  'statusCode'?: (number);
}

/**
 * The outcome of a call that returns nothing else.
 */
export interface StatusCodeResponse__Output {
  /**
   * A code of the table at the top; each RPC lists its own.
   */
  'statusCode': (number);
}
