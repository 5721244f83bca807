import { type ChatClient, type Message, Status } from '@tandem/core';
import { body, names } from './content.ts';

/** Those who take part in the script, each on a connection of their own. */
export class Cast {
  readonly sender: ChatClient;
  readonly #recipient: ChatClient;
  readonly #messages: AsyncIterator<Message, undefined>;
  #next: Promise<IteratorResult<Message, undefined>>;

  constructor(sender: ChatClient, recipient: ChatClient) {
    this.sender = sender;
    this.#recipient = recipient;
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
}

/** @throws when the outcome is another one, since the bytes would belong to another case */
export async function expectStatus(
  outcome: Promise<{ readonly status: Status }>,
  expected: Status,
): Promise<void> {
  const { status } = await outcome;
  if (status !== expected) throw new Error(`status ${status} in place of ${expected}`);
}
