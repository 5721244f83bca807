import { type ChatClient, type Message, Status } from '@tandem/core';

/**
 * One step of the op suite. What an operation says besides its status stands beside it: `unread` is
 * what a login delivers, `arrives` what a send to oneself brings.
 */
export type OpStep =
  | { readonly operation: 'register'; readonly username: string; readonly status: Status }
  | {
      readonly operation: 'login';
      readonly username: string;
      readonly status: Status;
      readonly unread?: readonly Message[];
    }
  | {
      readonly operation: 'search';
      readonly query: string;
      readonly status: Status;
      readonly usernames?: readonly string[];
    }
  | {
      readonly operation: 'send';
      readonly sender: string;
      readonly recipient: string;
      readonly body: string;
      readonly status: Status;
      readonly arrives?: Message;
    }
  | { readonly operation: 'logout' | 'delete'; readonly username: string; readonly status: Status }
  /** Only bytes can ask for an operation that there is not. */
  | { readonly operation: 'unknown'; readonly code: number; readonly status: Status };

/** The steps with which the 2023 program tested itself, on an empty service. */
export const opSuite: readonly OpStep[] = [
  { operation: 'login', username: 'foo', status: Status.notRegistered },
  { operation: 'register', username: 'foo', status: Status.registered },
  { operation: 'register', username: 'foo', status: Status.usernameTaken },
  { operation: 'login', username: 'foo', status: Status.loggedIn },
  { operation: 'search', query: '*', status: Status.found, usernames: ['foo'] },
  { operation: 'search', query: 'noresults', status: Status.notFound },
  {
    operation: 'send',
    sender: 'foo',
    recipient: 'foo',
    body: 'test',
    status: Status.delivered,
    arrives: { sender: 'foo', body: 'test' },
  },
  { operation: 'send', sender: 'foo', recipient: 'bar', body: 'test', status: Status.noSuchUser },
  { operation: 'logout', username: 'foo', status: Status.loggedOut },
  { operation: 'unknown', code: 72, status: Status.badOperation },
  { operation: 'register', username: 'bar', status: Status.registered },
  { operation: 'login', username: 'bar', status: Status.loggedIn },
  { operation: 'send', sender: 'bar', recipient: 'foo', body: 'test2', status: Status.stored },
  { operation: 'delete', username: 'bar', status: Status.deleted },
  {
    operation: 'login',
    username: 'foo',
    status: Status.loggedInUnread,
    unread: [{ sender: 'bar', body: 'test2' }],
  },
  { operation: 'send', sender: 'foo', recipient: 'bar', body: 'test3', status: Status.noSuchUser },
];

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
