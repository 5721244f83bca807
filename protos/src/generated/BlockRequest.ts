// Original file: messageservice.proto


export interface BlockRequest {
  'username'?: (string);
  'name'?: (string);
}

export interface BlockRequest__Output {
  'username': (string);
  'name': (string);
}
