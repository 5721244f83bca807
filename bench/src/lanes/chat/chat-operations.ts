import { type ChatClient, type SearchOutcome, Status } from '@tandem/core';
import { searchedName } from '../echo/echo-operations.ts';
import type { LaneClient, Workload } from '../lane.ts';
import { PendingArrivals } from './pending-arrivals.ts';

/** A user with a session on a connection of their own, who takes the messages that arrive. */
export interface Recipient {
  /** The messages whose senders wait until they have arrived. */
  readonly arrivals: PendingArrivals;
  close(): Promise<void>;
}

/** The parts that a lane with a chat client gives its {@link LaneClient}. */
export interface ChatLaneParts {
  /** The chat client, which is connected; closed with the lane's client. */
  readonly chat: ChatClient;
  /** Logs a user with an account in, on another connection, to take messages. */
  openRecipient(username: string): Promise<Recipient>;
}

/** A connection with a chat client behind it. */
export class ChatLaneClient implements LaneClient {
  readonly chat: ChatClient;
  readonly #parts: ChatLaneParts;
  #preparedSend: Promise<Recipient> | undefined;
  #recipient = '';
  #arrivals: PendingArrivals | undefined;

  constructor(parts: ChatLaneParts) {
    this.chat = parts.chat;
    this.#parts = parts;
  }

  async prepare(workload: Workload): Promise<void> {
    if (workload.kind === 'search') {
      await this.chat.register(searchedName);
      return;
    }
    this.#preparedSend ??= this.#prepareSend();
    await this.#preparedSend;
  }

  operation(workload: Workload): () => Promise<void> {
    if (workload.kind === 'search') return () => this.chat.search(searchedName).then(expectFound);
    const { kind, body } = workload;
    const send = () => this.#send(body);
    return kind === 'send' ? send : () => this.#deliver(send, body);
  }

  async close(): Promise<void> {
    const recipient = await this.#preparedSend?.catch(() => undefined);
    await Promise.all([this.chat.close(), recipient?.close()]);
  }

  async #prepareSend(): Promise<Recipient> {
    const sender = await registerNew(this.chat, 's');
    const recipient = await registerNew(this.chat, 'r');
    const { status } = await this.chat.login(sender);
    if (status !== Status.loggedIn) throw unexpected('a login', status);
    const opened = await this.#parts.openRecipient(recipient);
    this.#recipient = recipient;
    this.#arrivals = opened.arrivals;
    return opened;
  }

  async #send(body: string): Promise<void> {
    const { status } = await this.chat.send(this.#recipient, body);
    // The status also shows that the recipient is still logged in.
    if (status !== Status.delivered) throw unexpected('a send', status);
  }

  #deliver(send: () => Promise<void>, body: string): Promise<void> {
    if (this.#arrivals === undefined) throw new Error('a delivery was not prepared');
    return this.#arrivals.with(send, body);
  }
}

function expectFound(outcome: SearchOutcome): void {
  if (outcome.status !== Status.found) throw unexpected('a search', outcome.status);
  if (outcome.usernames.length !== 1 || outcome.usernames[0] !== searchedName) {
    throw new Error(`a search for ${searchedName} found ${outcome.usernames.join(', ')}`);
  }
}

/** Connects a lane's client, whose recipients are clients that connect in the same way. */
export async function connectChatLane(connect: () => Promise<ChatClient>): Promise<ChatLaneClient> {
  return new ChatLaneClient({
    chat: await connect(),
    openRecipient: async (username) => takingRecipient(await connect(), username),
  });
}

/** A recipient that is a chat client: it takes each message as it comes, and so acknowledges it. */
async function takingRecipient(chat: ChatClient, username: string): Promise<Recipient> {
  const { status } = await chat.login(username);
  if (status !== Status.loggedIn) {
    await chat.close();
    throw unexpected('the login of a recipient', status);
  }
  const arrivals = new PendingArrivals();
  const taking = takeAll(chat, arrivals);
  return {
    arrivals,
    async close() {
      await chat.close();
      await taking;
    },
  };
}

async function takeAll({ messages }: ChatClient, arrivals: PendingArrivals): Promise<void> {
  for await (const { body } of messages) arrivals.arrived(body);
  arrivals.fail(new Error('the recipient takes no messages any more'));
}

// One for the process: connections of one server may share it.
let lastNumber = 0;

/** Makes an account with a new name; all such names have one length, as an echo assumes. */
async function registerNew(chat: ChatClient, initial: string): Promise<string> {
  for (;;) {
    const username = `${initial}${(lastNumber++).toString(36).padStart(4, '0')}`;
    const { status } = await chat.register(username);
    if (status === Status.registered) return username;
    if (status !== Status.usernameTaken) throw unexpected('a register', status);
  }
}

function unexpected(what: string, status: Status): Error {
  return new Error(`${what} was answered with status ${status}`);
}
