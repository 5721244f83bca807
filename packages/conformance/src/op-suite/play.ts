import type { ChatClient, Message } from '@tandem/core';
import { type OpStep, opSuite } from './steps.ts';

/**
 * Plays the op suite with a client on an empty service, and returns the steps as they turned out:
 * equal to those of {@link opSuite} that a ChatClient can take, if all is well.
 */
export async function playOpSuite(client: ChatClient): Promise<OpStep[]> {
  const outcomes: OpStep[] = [];
  const inbox = new Arrivals(client);
  for (const step of opSuite) {
    if (step.operation !== 'unknown') outcomes.push(await play(client, inbox, step));
  }
  return outcomes;
}

async function play(client: ChatClient, inbox: Arrivals, step: OpStep): Promise<OpStep> {
  switch (step.operation) {
    case 'register':
      return { ...step, ...(await client.register(step.username)) };
    case 'login': {
      const outcome = await client.login(step.username);
      if (!('unread' in outcome) || outcome.unread === 0) {
        return { operation: 'login', username: step.username, status: outcome.status };
      }
      return { ...step, status: outcome.status, unread: await inbox.take(outcome.unread) };
    }
    case 'search': {
      const { operation, query } = step;
      return { operation, query, ...(await client.search(query)) };
    }
    case 'send': {
      const { status } = await client.send(step.recipient, step.body);
      if (step.arrives === undefined) return { ...step, status };
      const [arrives] = await inbox.take(1);
      return { ...step, status, arrives: arrives as Message };
    }
    case 'logout':
      return { ...step, ...(await client.logout()) };
    case 'delete':
      return { ...step, ...(await client.delete()) };
    case 'unknown':
      return step;
  }
}

/** A consumer that takes each message as it comes, whatever the session. */
class Arrivals {
  readonly #client: ChatClient;
  #next: Promise<IteratorResult<Message>>;

  constructor(client: ChatClient) {
    this.#client = client;
    this.#next = client.messages.next();
  }

  async take(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) {
      const { done, value } = await this.#next;
      if (done === true) throw new Error('the messages ended');
      messages.push(value);
      this.#next = this.#client.messages.next();
    }
    return messages;
  }
}
