// Original file: messageservice.proto


/**
 * Asks for the usernames that match a query.
 */
export interface SearchRequest {
  /**
   * A query [P-2.2].
   */
  'query'?: (string);
}

/**
 * Asks for the usernames that match a query.
 */
export interface SearchRequest__Output {
  /**
   * A query [P-2.2].
   */
  'query': (string);
}
