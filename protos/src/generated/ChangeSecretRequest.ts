// Original file: messageservice.proto


export interface ChangeSecretRequest {
  'username'?: (string);
  'current'?: (string);
  'secret'?: (string);
}

export interface ChangeSecretRequest__Output {
  'username': (string);
  'current': (string);
  'secret': (string);
}
