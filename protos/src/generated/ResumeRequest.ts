// Original file: messageservice.proto

import type { Long } from '@grpc/proto-loader';

export interface ResumeRequest {
  'username'?: (string);
  'token'?: (string);
  'count'?: (number | string | Long);
  'acknowledges'?: (boolean);
}

export interface ResumeRequest__Output {
  'username': (string);
  'token': (string);
  'count': (number);
  'acknowledges': (boolean);
}
