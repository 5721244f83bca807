// Original file: messageservice.proto


export interface SearchRequest {
  'query'?: (string);
}

export interface SearchRequest__Output {
  'query': (string);
}
