// Original file: messageservice.proto

import type { Long } from '@grpc/proto-loader';

export interface AcknowledgeRequest {
  'username'?: (string);
  'count'?: (number | string | Long);
}

export interface AcknowledgeRequest__Output {
  'username': (string);
  'count': (number);
}
