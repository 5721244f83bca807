import { Status } from '@tandem/core';

/**
 * Splits the bytes of one read, so that each piece is one response with its text. The
 * client of 2023 treated them as one text. [P-7.3]
 *
 * The dialect does not mark the end of a text, but the rules for texts nearly do: a username has no space,
 * which is the status of a pushed message, and a body has neither `|` nor a control character, which
 * most statuses are. Only 40 and 48, the responses to a logout and a delete, and 126 cannot be told from the
 * end of a message before them. A text that is cut by the end of a read stays cut.
 *
 * @param read begins with a response
 */
export function* separate(read: Buffer): Generator<Buffer, void> {
  let from = 0;
  while (from < read.length) {
    const end = endOfResponse(read, from);
    yield read.subarray(from, end);
    from = end;
  }
}

const headerBytes = 3;
const bar = 0x7c;
const newline = 0x0a;

function endOfResponse(read: Buffer, from: number): number {
  switch (read[from]) {
    case Status.incoming:
      return endOfMessage(read, from + 1);
    case Status.found:
      return endOfUsernames(read, from + headerBytes);
    case Status.loggedInUnread:
      return endOfMessages(read, from);
    default:
      return from + 1;
  }
}

function endOfUsernames(read: Buffer, from: number): number {
  let at = from;
  while (at < read.length && (isUsernameByte(read[at]) || read[at] === bar)) at++;
  return Math.min(at, read.length);
}

function endOfMessages(read: Buffer, from: number): number {
  if (read.length < from + headerBytes) return read.length;
  let at = from + headerBytes;
  for (let left = read.readUInt16BE(from + 1) - 1; left > 0; left--) {
    const end = read.indexOf(newline, at);
    if (end === -1) return read.length;
    at = end + 1;
  }
  return endOfMessage(read, at);
}

/** The end of `sender|body`: a status that no body has, or the 32 of another `sender|`. */
function endOfMessage(read: Buffer, from: number): number {
  const bodyFrom = read.indexOf(bar, from) + 1;
  if (bodyFrom === 0) return read.length;
  let end = bodyFrom;
  while (end < read.length && isBodyByte(read[end])) end++;
  // A body has no bar: this one belongs to the sender of the next message.
  if (read[end] !== bar) return end;
  const space = read.lastIndexOf(Status.incoming, end);
  return space > bodyFrom ? space : end;
}

function isBodyByte(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x20 && byte <= 0x7e && byte !== bar;
}

function isUsernameByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const letter = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x7a);
}
