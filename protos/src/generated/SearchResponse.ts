// Original file: messageservice.proto


export interface SearchResponse {
  'statusCode'?: (number);
  'results'?: (string)[];
}

export interface SearchResponse__Output {
  'statusCode': (number);
  'results': (string)[];
}
