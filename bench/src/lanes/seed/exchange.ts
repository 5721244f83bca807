import {
  type ChatClient,
  type ChatError,
  type ClientRequest,
  ExchangeClient,
  type ExchangeListener,
  Fifo,
  formatMessage,
  Operation,
  OrderedExchange,
  type ResponseContent,
  Status,
  splitMessage,
  splitMessages,
} from '@tandem/core';
import { encodeSeedRequest, type SeedResponse, SeedResponseDecoder } from '@tandem/core/seed';
import type { Target } from '../lane.ts';
import { SeedConnection } from './connection.ts';
import { separate } from './separate.ts';

/** The longest silence of the server while a request is pending, in milliseconds; as with our own clients. */
const responseTimeoutMs = 60_000;

/**
 * Requests and their responses in the seed dialect, one at a time: the next is written after the last
 * response. There are no acknowledgements. [P-7]
 */
class SeedExchange extends OrderedExchange {
  protected readonly connection: SeedConnection;
  readonly #decoder = new SeedResponseDecoder();
  /** Requests that wait for their turn, behind the one under way. */
  readonly #waiting = new Fifo<ClientRequest>();
  #underWay: ClientRequest | undefined;

  constructor(target: Target, listener: ExchangeListener) {
    super(listener, responseTimeoutMs);
    this.connection = new SeedConnection(
      target,
      (read) => this.#received(read),
      (error) => this.ended(error),
    );
  }

  /** A message counts as taken when the server's kernel has accepted it. [P-7.5] */
  acknowledge(): void {}

  close(): Promise<void> {
    return this.connection.close();
  }

  protected send(request: ClientRequest): void {
    this.#waiting.push(request);
    if (this.#underWay === undefined) this.#next();
  }

  #next(): void {
    this.#underWay = this.#waiting.shift();
    if (this.#underWay === undefined) return;
    const content = contentOf(this.#underWay);
    if (content === undefined) this.#respond(Status.notLoggedIn, undefined, 0);
    else this.connection.write(encodeSeedRequest(this.#underWay.operation, content));
  }

  #received(read: Buffer): void {
    this.pending.heard();
    for (const piece of separate(read)) {
      this.#decoder.push(piece);
      for (let response = this.#decoder.next(); response; response = this.#decoder.next()) {
        this.#handle(response);
        if (this.error !== undefined) return;
      }
    }
  }

  #handle({ status, count, content }: SeedResponse): void {
    if (status === Status.incoming) {
      this.#message(content);
      return;
    }
    const items = count === undefined ? undefined : itemsOf(status, content);
    const found = items === undefined ? 0 : items.messages.length + items.usernames.length;
    if (count !== undefined && found !== count) {
      this.broken(`counted ${count} and sent ${found} in one read`);
    } else {
      this.#respond(status as Status, items, content.length);
    }
  }

  #message(content: string): void {
    const message = splitMessage(content);
    this.incoming(message);
    if (this.error !== undefined) return;
    // A message to oneself has no other response, and nobody else sends in one's name. [P-7.3]
    const request = this.#underWay;
    if (request?.operation !== Operation.send || request.sender !== request.recipient) return;
    if (message.sender === request.sender) this.#respond(Status.delivered, undefined, 0);
  }

  #respond(status: Status, content: ResponseContent | undefined, bytes: number): void {
    this.respond(status, content, bytes);
    if (this.error === undefined) this.#next();
  }

  protected override rejectPending(error: ChatError): void {
    this.#waiting.clear();
    super.rejectPending(error);
  }
}

/**
 * The content of a request, never empty, for the empty text cannot be said. [P-7.2] The empty query
 * asks for what `*` asks for; a request of nobody is undefined, and is refused as a server would.
 */
function contentOf(request: ClientRequest): string | undefined {
  switch (request.operation) {
    case Operation.send: {
      const { sender, recipient, body } = request;
      return sender === '' ? undefined : formatMessage(sender, recipient, body);
    }
    case Operation.search:
      return request.query === '' ? '*' : request.query;
    default:
      return request.username === '' ? undefined : request.username;
  }
}

/** The items of a list, which says how many it has and not how long they are. [P-7.3] */
function itemsOf(status: number, content: string): ResponseContent {
  if (status === Status.found) return { messages: [], usernames: content.split('|') };
  return { messages: splitMessages(content), usernames: [] };
}

/**
 * Connects to a socket server in the seed dialect: the 2023 program's protocol, with the client that
 * our other transports have, so that a comparison is about protocols. It is only for the lab: see
 * {@link separate} for what cannot be known in this dialect.
 *
 * @throws ChatError `connect-failed`
 */
export async function connectSeedClient(target: Target): Promise<ChatClient> {
  const place = { ...target, address: target.host };
  const client = new ExchangeClient(place, (listener) => new SeedExchange(target, listener));
  await client.connected;
  return client;
}
