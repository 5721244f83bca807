import {
  encodeFramedRequest,
  encodeFramedResponse,
  type FramedRequest,
  FramedRequestDecoder,
  type FramedResponse,
  FramedResponseDecoder,
  formatMessage,
  joinMessage,
  Operation,
  parseSend,
  Status,
  splitMessage,
} from '@tandem/core';
import { serviceless } from '../echo/echo-server.ts';
import type { Lane, LaneSettings } from '../lane.ts';
import { CodecClient } from './codec-operations.ts';

const settings: LaneSettings = {
  noDelay: '-',
  writes: '-',
  deadlines: '-',
  keepalive: '-',
  compression: 'none',
  serialization: 'framed dialect: 3 bytes of header, then text; written by hand',
  windows: '-',
  ...serviceless,
  otherOptions: 'decoders live as long as a connection would; a promise for each operation',
};

/** Measures the cost of our own layout. */
export const lane: Lane = {
  name: 'codec-framed',
  title: 'codec alone, framed',
  description:
    'The request encoded and decoded, the response encoded and decoded, and for a send the pushed message too, in the framed dialect, without any I/O.',
  kind: 'control',
  wire: 'none',
  baselines: ['in-process'],
  settings,
  connect: async () => new CodecClient(new FramedRoundTrip()),
};

class FramedRoundTrip {
  readonly #requests = new FramedRequestDecoder();
  readonly #responses = new FramedResponseDecoder();

  search(query: string): readonly string[] {
    const { content } = this.#request(encodeFramedRequest(Operation.search, query));
    return this.#response(encodeFramedResponse(Status.found, content)).content.split('|');
  }

  send(sender: string, recipient: string, body: string) {
    const content = formatMessage(sender, recipient, body);
    const request = this.#request(encodeFramedRequest(Operation.send, content));
    const sent = parseSend(request.content);
    const { status } = this.#response(encodeFramedResponse(Status.delivered));
    const push = joinMessage({ sender: sent?.sender ?? '', body: sent?.body ?? '' });
    const pushed = this.#response(encodeFramedResponse(Status.incoming, push));
    return { status, message: splitMessage(pushed.content) };
  }

  #request(bytes: Buffer): FramedRequest {
    this.#requests.push(bytes);
    const request = this.#requests.next();
    if (request?.kind !== 'request') throw new Error('a request was not decoded');
    return request;
  }

  #response(bytes: Buffer): FramedResponse {
    this.#responses.push(bytes);
    const response = this.#responses.next();
    if (response?.kind !== 'response') throw new Error('a response was not decoded');
    return response;
  }
}
