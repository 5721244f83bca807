// Original file: messageservice.proto


export interface Message {
  'sender'?: (string);
  'body'?: (string);
}

export interface Message__Output {
  'sender': (string);
  'body': (string);
}
