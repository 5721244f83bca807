import type { Message } from '@tandem/core';
import { monotonicMs } from '../history/event.ts';
import type { Journal } from '../history/journal.ts';
import { idOf } from '../message.ts';

/** A session as its actor knows it, from the moment of its request. */
export class ActorSession {
  /** The id of the login. */
  readonly id: string;
  readonly user: string;
  readonly #journal: Journal;
  readonly #waiting: { count: number; resolve: () => void }[] = [];
  #taken = 0;
  #over = false;

  constructor(id: string, user: string, journal: Journal) {
    this.id = id;
    this.user = user;
    this.#journal = journal;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Records a message that the consumer takes in the next moment: it was delivered. */
  took({ sender, body }: Message): void {
    this.#taken++;
    this.#journal.write({
      kind: 'took',
      atMs: monotonicMs(),
      session: this.id,
      user: this.user,
      sender,
      message: idOf(body),
    });
    this.#tell();
  }

  /** The number of messages that were taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Resolves when so many messages were taken, or the session is over. */
  async untilTaken(count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#tell();
    });
  }

  end(): void {
    this.#over = true;
    this.#tell();
  }

  #tell(): void {
    for (const { count, resolve } of this.#waiting) {
      if (this.#over || this.#taken >= count) resolve();
    }
  }
}
