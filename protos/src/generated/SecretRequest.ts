// Original file: messageservice.proto


export interface SecretRequest {
  'username'?: (string);
  'secret'?: (string);
  'acknowledges'?: (boolean);
}

export interface SecretRequest__Output {
  'username': (string);
  'secret': (string);
  'acknowledges': (boolean);
}
