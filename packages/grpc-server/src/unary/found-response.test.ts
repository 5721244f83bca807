import { NameList } from '@tandem/chat';
import { Status } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFound, foundBytes, serializerOf } from './found-response.ts';

const { responseSerialize } = loadMessageService().Search;
const letters = [...'azAZ09'];
const names = fc.array(
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 50 }),
  { minLength: 1, maxLength: 300 },
);

describe('a response with names', () => {
  it('has the bytes that protobufjs writes, whatever the names', () => {
    fc.assert(
      fc.property(fc.constantFrom(Status.found, Status.foundCut), names, (statusCode, found) => {
        const results = NameList.of(found);
        const bytes = encodeFound({ statusCode, results });
        expect(bytes).toEqual(responseSerialize({ statusCode, results: found }));
        expect(bytes.length).toBe(foundBytes(results) + 2);
      }),
    );
  });

  it('is the only one that is not left to protobufjs', () => {
    const serialize = serializerOf(responseSerialize);
    for (const response of [
      { statusCode: Status.notFound },
      { statusCode: Status.unknownError, results: [] },
    ]) {
      expect(serialize(response)).toEqual(responseSerialize(response));
    }
    const results = NameList.of(['ann', 'bob']);
    expect(serialize({ statusCode: Status.found, results })).toEqual(
      responseSerialize({ statusCode: Status.found, results: ['ann', 'bob'] }),
    );
  });
});
