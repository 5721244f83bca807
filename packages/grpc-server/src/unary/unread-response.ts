import type { Message, Status } from '@tandem/core';
import { loadMessageService, type ResumableResponse } from '@tandem/protos';
import type { InParts } from '../calls/in-parts.ts';

/** The response to a login with the messages of its mailbox, encoded page by page as they are read. */
export interface UnreadResponse extends InParts {
  readonly statusCode: Status;
}

// That of Login has the same fields, but for those that it never has.
const { responseSerialize } = loadMessageService().Resume;

// The tags of the fields, and the bytes of the first one. [messageservice.proto]
const messagesTag = (2 << 3) | 2;
const senderTag = (1 << 3) | 2;
const bodyTag = (2 << 3) | 2;
const statusBytes = 2;

// The letters of a sender are at most 50, so their number has one byte.
const senderOverheadBytes = 2;

/**
 * Encodes messages as the field of a response, as protobufjs does, byte for byte. protobufjs takes them all in one
 * turn of the event loop, and some ten objects for each.
 */
export function encodeMessages(messages: readonly Message[]): Buffer {
  let length = 0;
  for (const message of messages) {
    const bytes = contentBytes(message);
    length += 1 + lengthBytes(bytes) + bytes;
  }
  // Not out of a pool of which each page would keep the rest alive.
  const page = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const message of messages) {
    const { sender, body } = message;
    page[at++] = messagesTag;
    at = writeLength(page, at, contentBytes(message));
    page[at++] = senderTag;
    at = writeLength(page, at, sender.length);
    at += page.write(sender, at, 'latin1');
    page[at++] = bodyTag;
    at = writeLength(page, at, body.length);
    at += page.write(body, at, 'latin1');
  }
  return page;
}

/** Encodes the response to a login, whose messages are encoded already. */
export function unreadResponse(
  response: ResumableResponse,
  pages: readonly Buffer[],
): UnreadResponse {
  const around = responseSerialize(response);
  const parts = [around.subarray(0, statusBytes), ...pages, around.subarray(statusBytes)];
  return { statusCode: response.statusCode as Status, parts };
}

function contentBytes({ sender, body }: Message): number {
  return senderOverheadBytes + sender.length + 1 + lengthBytes(body.length) + body.length;
}

// A message has 317 bytes at most, and a number of two bytes goes up to 16,383.
function lengthBytes(length: number): 1 | 2 {
  return length < 0x80 ? 1 : 2;
}

function writeLength(page: Buffer, at: number, length: number): number {
  if (length < 0x80) {
    page[at] = length;
    return at + 1;
  }
  page[at] = (length & 0x7f) | 0x80;
  page[at + 1] = length >> 7;
  return at + 2;
}
