import { encodeFramedRequest, Operation } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import { describe, expect, test } from 'vitest';
import {
  echoedRecipient,
  echoedSender,
  framedRequestBytes,
  grpcRequestBytes,
  searchedName,
} from './echo-operations.ts';

const grpcPrefixBytes = 5;

describe('an echo', () => {
  test('of a search has 8 bytes in the framed dialect, and 12 as a gRPC message', () => {
    expect(framedRequestBytes({ kind: 'search' })).toBe(8);
    expect(encodeFramedRequest(Operation.search, searchedName)).toHaveLength(8);
    expect(grpcRequestBytes({ kind: 'search' })).toBe(12);
    const message = loadMessageService().Search.requestSerialize({ query: searchedName });
    expect(grpcRequestBytes({ kind: 'search' })).toBe(grpcPrefixBytes + message.length);
  });

  test.each([1, 127, 128, 262, 20_000, 1_048_576])(
    'of a send of %i characters is as long as the send',
    (chars) => {
      const body = 'x'.repeat(chars);
      const message = loadMessageService().Send.requestSerialize({
        sender: echoedSender,
        recipient: echoedRecipient,
        body,
      });
      expect(framedRequestBytes({ kind: 'send', body })).toBe(15 + chars);
      expect(grpcRequestBytes({ kind: 'send', body })).toBe(grpcPrefixBytes + message.length);
    },
  );
});
