import { type ChatClient, type Message, type Resumption, Status } from '@tandem/core';
import { body, names, secrets, unreadMessages } from './content.ts';

/** Those who take part in the script, each on a connection of their own. */
export class Cast {
  readonly sender: ChatClient;
  readonly #recipient: ChatClient;
  readonly #connect: () => Promise<ChatClient>;
  readonly #messages: AsyncIterator<Message, undefined>;
  #next: Promise<IteratorResult<Message, undefined>>;
  #left: Resumption | undefined;
  /** The number of connections that there have been. */
  connections = 2;

  /** @param connect opens another connection */
  constructor(sender: ChatClient, recipient: ChatClient, connect: () => Promise<ChatClient>) {
    this.sender = sender;
    this.#recipient = recipient;
    this.#connect = connect;
    this.#messages = recipient.messages[Symbol.asyncIterator]();
    this.#next = this.#messages.next();
  }

  /** Makes the recipient's account and session. */
  async enter(): Promise<void> {
    await expectStatus(this.#recipient.register(names.recipient), Status.registered);
    await expectStatus(this.#recipient.login(names.recipient), Status.loggedIn);
  }

  /** Makes a call on each connection that changes nothing: an account that there is already. */
  async callInVain(): Promise<void> {
    for (const client of [this.sender, this.#recipient]) {
      await expectStatus(client.register(names.recipient), Status.usernameTaken);
    }
  }

  /** The recipient gets the message; it is not taken yet. */
  async receive(): Promise<void> {
    const { value: message } = await this.#next;
    if (message?.body !== body) throw new Error('another message arrived than was sent');
  }

  /** The recipient asks for the next message, which takes the last one. */
  take(): Promise<void> {
    this.#next = this.#messages.next();
    return Promise.resolve();
  }

  /** The recipient sends messages, which wait for the sender to log in. */
  async leaveMessages(): Promise<void> {
    for (let sent = 0; sent < unreadMessages; sent++) {
      await expectStatus(this.#recipient.send(names.sender, body), Status.stored);
    }
  }

  /** The sender has a session on a connection of its own, and the connection ends. */
  async beginElsewhere(): Promise<void> {
    this.connections++;
    const client = await this.#connect();
    try {
      await expectStatus(client.login(names.sender, secrets.newSecret), Status.loggedIn);
    } finally {
      await client.close();
    }
    this.#left = client.resumption;
  }

  /** The sender resumes that session. */
  async resume(): Promise<void> {
    if (this.#left === undefined) throw new Error('there is no session to resume');
    await expectStatus(this.sender.resume(this.#left), Status.loggedIn);
  }
}

/** @throws when the outcome is another one, since the bytes would belong to another case */
export async function expectStatus(
  outcome: Promise<{ readonly status: Status }>,
  expected: Status,
): Promise<void> {
  const { status } = await outcome;
  if (status !== expected) throw new Error(`status ${status} in place of ${expected}`);
}
