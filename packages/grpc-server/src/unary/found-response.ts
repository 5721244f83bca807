import { type FoundOutcome, type NameList, nameEndCode } from '@tandem/chat';
import type { SearchResponse } from '@tandem/protos';

/** The response to a search that found names, before they are objects. */
export interface FoundResponse {
  readonly statusCode: FoundOutcome['status'];
  readonly results: NameList;
}

// The tags of the fields of a SearchResponse, and the bytes of the first field and of a name besides its letters.
const statusTag = (1 << 3) | 0;
const resultTag = (2 << 3) | 2;
const statusBytes = 2;
const nameOverheadBytes = 2;

/**
 * Encodes a response as protobufjs does, byte for byte. protobufjs takes a text and three objects for each name,
 * which come to 4 MB for a long list. A length has one byte, since a username has 50 letters at most.
 */
export function encodeFound({ statusCode, results }: FoundResponse): Buffer {
  const { text } = results;
  const bytes = Buffer.allocUnsafe(foundBytes(results) + statusBytes);
  bytes[0] = statusTag;
  bytes[1] = statusCode;
  // The letters are written at the end, and moved to the front: what is read is always behind what is written.
  let at = statusBytes;
  let from = bytes.length - text.length;
  bytes.write(text, from, 'latin1');
  while (from < bytes.length) {
    bytes[at] = resultTag;
    const begin = at + nameOverheadBytes;
    at = begin;
    for (; from < bytes.length && bytes[from] !== nameEndCode; from++) {
      bytes[at++] = bytes[from] as number;
    }
    bytes[begin - 1] = at - begin;
    from++;
  }
  return bytes;
}

/** Returns the size of the usernames in a response, in bytes, with the tag and the length of each. */
export function foundBytes({ bytes, length }: NameList): number {
  return bytes + nameOverheadBytes * length;
}

/** Returns a serializer of the responses to searches: of those that found names, and by `others` of all others. */
export function serializerOf(
  others: (response: SearchResponse) => Buffer,
): (response: SearchResponse | FoundResponse) => Buffer {
  return (response) => (isFound(response) ? encodeFound(response) : others(response));
}

function isFound(response: SearchResponse | FoundResponse): response is FoundResponse {
  return response.results !== undefined && !Array.isArray(response.results);
}
