// Original file: messageservice.proto


/**
 * The outcome of a Search.
 */
export interface SearchResponse {
  /**
   * 16, 17, 19 or 127.
   */
  'statusCode'?: (number);
  /**
   * With 16 and 19 the usernames, in the order of their bytes (digits, upper case, lower case), at
   * most 10,000. With other codes empty.
   */
  'results'?: (string)[];
}

/**
 * The outcome of a Search.
 */
export interface SearchResponse__Output {
  /**
   * 16, 17, 19 or 127.
   */
  'statusCode': (number);
  /**
   * With 16 and 19 the usernames, in the order of their bytes (digits, upper case, lower case), at
   * most 10,000. With other codes empty.
   */
  'results': (string)[];
}
