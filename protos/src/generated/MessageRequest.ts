// Original file: messageservice.proto


export interface MessageRequest {
  'sender'?: (string);
  'recipient'?: (string);
  'body'?: (string);
}

export interface MessageRequest__Output {
  'sender': (string);
  'recipient': (string);
  'body': (string);
}
