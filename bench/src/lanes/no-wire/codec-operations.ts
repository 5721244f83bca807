import { type Message, Status } from '@tandem/core';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import { echoedRecipient, echoedSender, searchedName } from '../echo/echo-operations.ts';
import type { Workload } from '../lane.ts';

/** A layout in bytes, there and back: only the encoding and decoding of client and server. */
export interface RoundTrip {
  /** Returns the decoded response to a decoded request: the query as the one name found. */
  search(query: string): readonly string[];
  /** Returns the decoded response to a decoded request, and the message that it pushes. */
  send(
    sender: string,
    recipient: string,
    body: string,
  ): { readonly status: number; readonly message: Message };
}

/** A client without a connection. Its operations are over when they return. */
export class CodecClient extends EchoLaneClient {
  readonly #codec: RoundTrip;

  constructor(codec: RoundTrip) {
    super();
    this.#codec = codec;
  }

  operation(workload: Workload): () => Promise<void> {
    if (workload.kind === 'search') return async () => this.#search();
    const { body } = workload;
    return async () => this.#send(body);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #search(): void {
    const names = this.#codec.search(searchedName);
    if (names.length !== 1 || names[0] !== searchedName) {
      throw new Error(`a search for ${searchedName} was decoded as ${names.join(', ')}`);
    }
  }

  #send(body: string): void {
    const { status, message } = this.#codec.send(echoedSender, echoedRecipient, body);
    if (status !== Status.delivered) throw new Error(`the response was decoded as ${status}`);
    if (message.sender !== echoedSender || message.body !== body) {
      throw new Error(`the message was decoded as ${message.sender}|${message.body}`);
    }
  }
}
