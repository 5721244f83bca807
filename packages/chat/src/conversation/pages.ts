import { frameContentBytesMax, type Message, messageBytes } from '@tandem/core';
import type { NameList } from '../accounts/name-list.ts';
import { messagesPerRead, type Session } from '../service/session.ts';

/** The length up to which a list is made as fast as any other response. A longer one waits for room first. */
export const shortListMax = 64;

/** A part of a long response. */
export interface Page<Items> {
  /** At least one, unless the whole is empty. */
  readonly items: Items;
  readonly first: boolean;
  readonly last: boolean;
}

/**
 * The messages that were unread at a session's login, in pages of at most 256 messages and 65,535 bytes of
 * `sender|body` lines. Each page is read from the store when it is asked for. [P-6.4]
 */
export async function* unreadPages(
  session: Session,
): AsyncGenerator<Page<readonly Message[]>, void> {
  let waiting: Message[] = [];
  // The loop ends when nothing is left over, and not at the number that was counted: a mailbox may have
  // lost writes. If it has lost all of them, the last page still completes the response.
  for (let first = true, last = session.unread === 0; !last; first = false) {
    waiting = await fillPage(session, waiting);
    const count = pageLength(waiting);
    last = count === waiting.length;
    yield { items: waiting.slice(0, count), first, last };
    waiting = waiting.slice(count);
  }
}

/**
 * Reads the messages that were unread at a session's login for a response without pages, at most `messagesMax`.
 * Returns their number.
 *
 * @param take called with each part of them, in a turn that has time for it
 * @param room resolves when a turn of the event loop has time for a part
 */
export async function readUnread(
  session: Session,
  messagesMax: number,
  take: (messages: readonly Message[]) => void,
  room: () => Promise<void>,
): Promise<number> {
  let count = 0;
  while (count < messagesMax) {
    if (session.unread > shortListMax) await room();
    const more = await session.readUnread(Math.min(messagesPerRead, messagesMax - count));
    if (more.length === 0) break;
    take(more);
    count += more.length;
  }
  return count;
}

/** A search's usernames in pages of at most 65,535 bytes, joined by one byte each. [P-6.4] */
export function* usernamePages(usernames: NameList): Generator<Page<NameList>, void> {
  const { length } = usernames;
  let written = 0;
  for (const items of usernames.pages(frameContentBytesMax)) {
    const first = written === 0;
    written += items.length;
    yield { items, first, last: written === length };
  }
}

/** Returns the number of messages that fit into a page, with a separator between each two. */
function pageLength(messages: readonly Message[]): number {
  // The first has no separator in front of it.
  let bytes = -1;
  let count = 0;
  for (; count < Math.min(messages.length, messagesPerRead); count++) {
    bytes += messageBytes(messages[count] as Message) + 1;
    if (bytes > frameContentBytesMax) break;
  }
  return count;
}

/** Reads until more waits than a page holds, or the mailbox has no more. */
async function fillPage(session: Session, waiting: readonly Message[]): Promise<Message[]> {
  const messages = [...waiting];
  // The first has no separator in front of it.
  let bytes = messages.reduce((sum, message) => sum + messageBytes(message) + 1, -1);
  while (messages.length <= messagesPerRead && bytes <= frameContentBytesMax) {
    const more = await session.readUnread(messagesPerRead + 1 - messages.length);
    if (more.length === 0) break;
    for (const message of more) {
      messages.push(message);
      bytes += messageBytes(message) + 1;
    }
  }
  return messages;
}
