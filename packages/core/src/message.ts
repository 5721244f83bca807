/** What a recipient gets: who sent it, and the body. */
export interface Message {
  /** A valid username. */
  readonly sender: string;
  /** A valid message body. */
  readonly body: string;
}

/** The content of a send request: `sender|recipient|body`. [P-4.4] */
export function formatMessage(sender: string, recipient: string, body: string): string {
  return `${sender}|${recipient}|${body}`;
}

/** One message as the wire carries it: `sender|body`. [P-4.2] */
export function joinMessage(message: Message): string {
  return `${message.sender}|${message.body}`;
}

/** The bytes that a message takes on the wire, which is what a window counts. [P-5.3] */
export function messageBytes(message: Message): number {
  return message.sender.length + 1 + message.body.length;
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
