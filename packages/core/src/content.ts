import { joinMessage, type Message } from './message.ts';

/** What a send request says; not yet validated. */
export interface SendContent {
  readonly sender: string;
  readonly recipient: string;
  readonly body: string;
}

/**
 * Reads `sender|recipient|body` back. Undefined when it is not three parts; the sender is known even
 * then, see {@link senderOf}. [P-4.4]
 */
export function parseSend(content: string): SendContent | undefined {
  const [sender, recipient, body, ...rest] = content.split('|');
  if (sender === undefined || recipient === undefined || body === undefined) return undefined;
  return rest.length > 0 ? undefined : { sender, recipient, body };
}

/** Who a send request says that it is from: what stands before the first `|`. [P-4.4] */
export function senderOf(content: string): string {
  return content.split('|', 1)[0] as string;
}

/** Reads the decimal count of an acknowledgement; undefined when it is none. [P-5.2] */
export function parseAcknowledgement(content: string): number | undefined {
  if (!/^[0-9]{1,16}$/.test(content)) return undefined;
  const count = Number(content);
  return Number.isSafeInteger(count) ? count : undefined;
}

/** A page: as many items as fit, joined, and how many they were. */
export interface Page {
  readonly content: string;
  readonly count: number;
}

/** The longest run of messages, from `from` on, whose lines fit into `bytesMax`. [P-6.4] */
export function pageOfMessages(messages: readonly Message[], from: number, bytesMax: number): Page {
  return page(messages, from, bytesMax, '\n', joinMessage);
}

/** The longest run of usernames, from `from` on, that fits into `bytesMax` joined by `|`. [P-6.4] */
export function pageOfUsernames(
  usernames: readonly string[],
  from: number,
  bytesMax: number,
): Page {
  return page(usernames, from, bytesMax, '|', (username) => username);
}

function page<T>(
  items: readonly T[],
  from: number,
  bytesMax: number,
  separator: string,
  format: (item: T) => string,
): Page {
  let content = '';
  let at = from;
  for (; at < items.length; at++) {
    const text = at === from ? format(items[at] as T) : separator + format(items[at] as T);
    if (content.length + text.length > bytesMax) break;
    content += text;
  }
  return { content, count: at - from };
}
