// Original file: messageservice.proto


/**
 * Asks which users there are.
 */
export interface SearchRequest {
  /**
   * A query [P-2.2].
   */
  'query'?: (string);
}

/**
 * Asks which users there are.
 */
export interface SearchRequest__Output {
  /**
   * A query [P-2.2].
   */
  'query': (string);
}
