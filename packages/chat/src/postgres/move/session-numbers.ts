import type { Reached } from '../../store/store.ts';

/** A message with its place among those of a session, as a data directory has it. */
export interface PlacedMessage {
  readonly id: number;
  /** The session that it came to, and the count that covers it; null where no token needs them. */
  readonly session: number | null;
  readonly count: number | null;
}

/** The meaning of a count of a session that can be resumed, in the numbers of a mailbox. */
export interface SessionNumbers {
  /** The number before its first message: a count is added to it. */
  readonly base: number;
  /** The number of the last message that came to it; null when it is not known. */
  readonly through: number | null;
}

// A count that is added to it is no message.
const coversNothing = Number.MIN_SAFE_INTEGER;

/**
 * Says what a count of the last session means for a mailbox whose messages get the numbers from 1 on. A
 * count never covers a message that was not taken. Where places are too high, as after a message that could
 * not be stored, it may cover less than was taken: that comes again.
 *
 * @param messages the messages that wait, the oldest first
 * @param reached the place that the session had reached when its token was given; undefined for no token
 */
export function sessionNumbersOf(
  messages: readonly PlacedMessage[],
  reached: Reached | undefined,
): SessionNumbers {
  const there = messages.filter(({ id }) => reached !== undefined && id <= reached.throughId);
  let base: number | undefined;
  let through: number | null = null;
  for (const [i, message] of messages.entries()) {
    const number = i + 1;
    // Those that were there when the token was given have their places from the last one backwards.
    const place =
      number <= there.length ? (reached?.count ?? 0) - (there.length - number) : message.count;
    const isOfSession = number <= there.length || message.session === reached?.session;
    if (!isOfSession || place === null) continue;
    base = Math.min(base ?? Number.POSITIVE_INFINITY, number - place);
    through = number;
  }
  return { base: base ?? coversNothing, through };
}
