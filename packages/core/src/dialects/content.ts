import type { Message } from '../rules/limits.ts';

/** The content of a send request, not validated. */
export interface SendContent {
  readonly sender: string;
  readonly recipient: string;
  readonly body: string;
}

/**
 * Reads `sender|recipient|body` back. Undefined when it has not three parts; {@link senderOf}
 * reads the sender even then. [P-4.4]
 */
export function parseSend(content: string): SendContent | undefined {
  const [sender, recipient, body, ...rest] = content.split('|');
  if (sender === undefined || recipient === undefined || body === undefined) return undefined;
  return rest.length > 0 ? undefined : { sender, recipient, body };
}

/** Returns the sender that a send request names: the text before the first `|`. [P-4.4] */
export function senderOf(content: string): string {
  return content.split('|', 1)[0] as string;
}

/** Reads the decimal count of an acknowledgement; undefined when the content is no count. [P-5.2] */
export function parseAcknowledgement(content: string): number | undefined {
  if (!/^[0-9]{1,16}$/.test(content)) return undefined;
  const count = Number(content);
  return Number.isSafeInteger(count) ? count : undefined;
}

// No secret and no username has it, so that what is not well formed is refused like what is not valid.
const malformed = '|';

/**
 * Reads a content of `count` parts with `|` between them. Of any other the first part is what it is, as
 * whose name it is in comes before whether it is well formed; the others are none that is valid. [P-5.4]
 */
export function parseParts(content: string, count: number): string[] {
  const parts = content.split('|');
  if (parts.length === count) return parts;
  return [parts[0] as string, ...Array<string>(count - 1).fill(malformed)];
}

/** Formats the content of a send request: `sender|recipient|body`. [P-4.4] */
export function formatMessage(sender: string, recipient: string, body: string): string {
  return `${sender}|${recipient}|${body}`;
}

/** Formats a message as the wire carries it: `sender|body`. [P-4.2] */
export function joinMessage(message: Message): string {
  return `${message.sender}|${message.body}`;
}

/** Reads messages back from `sender|body` lines. A line without `|` has an empty body. [P-4.2] */
export function splitMessages(content: string): Message[] {
  return content.split('\n').map(splitMessage);
}

/** Reads one message back from `sender|body`. */
export function splitMessage(line: string): Message {
  const bar = line.indexOf('|');
  if (bar === -1) return { sender: line, body: '' };
  return { sender: line.slice(0, bar), body: line.slice(bar + 1) };
}
