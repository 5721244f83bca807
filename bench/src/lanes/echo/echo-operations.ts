import type { Workload } from '../lane.ts';

// An echo has no users. These are as long as those of the chat lanes, so that it carries as much.

/** The name that a search asks for, and that its response has. */
export const searchedName = 'alice';

/** The sender of an echo's send. */
export const echoedSender = 's0000';
/** The recipient of an echo's send. */
export const echoedRecipient = 'r0000';

/**
 * The length of an operation's request in the framed dialect, in bytes: 8 for a search. [P-6.2] Longer
 * bodies than the chat takes are counted as if it took them.
 */
export function framedRequestBytes(workload: Workload): number {
  const fields =
    workload.kind === 'search' ? [searchedName] : [echoedSender, echoedRecipient, workload.body];
  const separators = fields.length - 1;
  return fields.reduce((bytes, text) => bytes + text.length, framedHeaderBytes + separators);
}

// The operation, one byte, and the content's length, two.
const framedHeaderBytes = 3;

/** The longest body that an echo is asked to carry: below what grpc-js takes by default, 4 MiB. */
export const echoedCharsMax = 1024 * 1024;

/**
 * The length of an operation's request as a gRPC message, in bytes: the prefix and the protobuf
 * message. Counted by the rules of the encoding, so that a lane without gRPC need not load it.
 */
export function grpcRequestBytes(workload: Workload): number {
  const fields =
    workload.kind === 'search' ? [searchedName] : [echoedSender, echoedRecipient, workload.body];
  return fields.reduce((bytes, text) => bytes + textFieldBytes(text), grpcPrefixBytes);
}

/** The length of gRPC's prefix of a message, in bytes: one for compression, four for the length. */
export const grpcPrefixBytes = 5;

// A tag, a length of seven bits a byte, the text.
function textFieldBytes(text: string): number {
  const lengthBytes = Math.max(1, Math.ceil(text.length.toString(2).length / 7));
  return 1 + lengthBytes + text.length;
}
