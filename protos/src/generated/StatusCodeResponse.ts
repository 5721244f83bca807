// Original file: messageservice.proto


export interface StatusCodeResponse {
  'statusCode'?: (number);
}

export interface StatusCodeResponse__Output {
  'statusCode': (number);
}
