import { encodeFramedRequest, Operation } from '@tandem/core';
import type { Workload } from './lane.ts';

// An echo has no users. These are as long as those of the chat lanes, so that it carries as much.

/** The name that a search asks for, and is answered with. */
export const searchedName = 'alice';

/** Whom an echo's send is from, and to. */
export const echoedSender = 's0000';
export const echoedRecipient = 'r0000';

/** How many bytes an operation's request takes in the framed dialect: 8 for a search. [P-6.2] */
export function framedRequestBytes(workload: Workload): number {
  return framedRequestOf(workload).length;
}

function framedRequestOf(workload: Workload): Buffer {
  if (workload.kind === 'search') return encodeFramedRequest(Operation.search, searchedName);
  const content = `${echoedSender}|${echoedRecipient}|${workload.body}`;
  return encodeFramedRequest(Operation.send, content);
}

/**
 * How many bytes an operation's request takes as a gRPC message: the prefix and the protobuf
 * message. Counted by the rules of the encoding, so that a lane without gRPC need not load it.
 */
export function grpcRequestBytes(workload: Workload): number {
  const fields =
    workload.kind === 'search' ? [searchedName] : [echoedSender, echoedRecipient, workload.body];
  return fields.reduce((bytes, text) => bytes + textFieldBytes(text), grpcPrefixBytes);
}

/** Whether the message is compressed, one byte, and its length, four. */
export const grpcPrefixBytes = 5;

// A tag, a length of seven bits a byte, the text.
function textFieldBytes(text: string): number {
  return 1 + (text.length < 128 ? 1 : 2) + text.length;
}
