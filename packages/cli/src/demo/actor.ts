import { type ChatClient, Fifo, type Message } from '@tandem/core';

/** Somebody who takes part: a client, and what it has received. */
export class Actor {
  #client: ChatClient;
  readonly #unread = new Fifo<Message>();
  #waiting: ((message: Message) => void) | undefined;

  constructor(client: ChatClient) {
    this.#client = client;
    void this.#receive(client);
  }

  get client(): ChatClient {
    return this.#client;
  }

  /** Takes another client in place of the one that is closed. */
  goOnWith(client: ChatClient): void {
    this.#client = client;
    void this.#receive(client);
  }

  /** The next message, as soon as it is there. For one caller at a time. */
  read(): Promise<Message> {
    const message = this.#unread.shift();
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** The same as a line: its sender, and its text. */
  async readLine(): Promise<string> {
    const { sender, body } = await this.read();
    return `${sender}: ${body}`;
  }

  async #receive({ messages }: ChatClient): Promise<void> {
    for await (const message of messages) {
      if (this.#waiting === undefined) this.#unread.push(message);
      else this.#waiting(message);
      this.#waiting = undefined;
    }
  }
}
