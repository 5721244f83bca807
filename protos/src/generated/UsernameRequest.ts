// Original file: messageservice.proto


export interface UsernameRequest {
  'username'?: (string);
  'acknowledges'?: (boolean);
}

export interface UsernameRequest__Output {
  'username': (string);
  'acknowledges': (boolean);
}
