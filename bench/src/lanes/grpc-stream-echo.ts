import type { Client, ClientDuplexStream, handleBidiStreamingCall } from '@grpc/grpc-js';
import { Fifo, Status } from '@tandem/core';
import {
  type ClientFrame,
  type ClientFrame__Output,
  loadMessageService,
  type ServerFrame,
  type ServerFrame__Output,
} from '@tandem/protos';
import { echoedRecipient, echoedSender, searchedName } from './echo-operations.ts';
import { connectStub, settings as echoSettings, startEchoService } from './grpc-echo.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from './lane.ts';

const settings: LaneSettings = {
  ...echoSettings,
  writes:
    'a gRPC message for each request and answer, each written when HTTP/2 has accepted the one before, as streams of grpc-js do',
};

/**
 * One stream of grpc-js as it comes: a stub, and a server that writes one message after the other. Ours
 * hands over all of a turn at once, so at depth this is no floor of it, but what it is to be held against.
 */
export const lane: Lane = {
  name: 'grpc-stream-echo',
  title: 'bare grpc-js stream echo',
  description:
    'One bidirectional stream of a grpc-js stub with default options, with the frames of the chat; the server answers each at once and keeps nothing.',
  kind: 'control',
  wire: 'grpc-converse',
  baselines: ['grpc-echo', 'net-echo'],
  hasChat: false,
  depthMax: Number.POSITIVE_INFINITY,
  settings,
  startServer,
  connect,
};

function echoService() {
  const { Converse } = loadMessageService();
  return { Converse };
}

function startServer(): Promise<LaneServer> {
  const converse: handleBidiStreamingCall<ClientFrame__Output, ServerFrame> = (call) => {
    call.on('data', (frame: ClientFrame__Output) => call.write(answerTo(frame)));
    call.on('end', () => call.end());
  };
  return startEchoService(echoService(), { Converse: converse });
}

function answerTo({ search, send }: ClientFrame__Output): ServerFrame {
  if (search) return { statusCode: Status.found, results: [search.query] };
  const { sender = '', body = '' } = send ?? {};
  return { statusCode: Status.delivered, messages: [{ sender, body }] };
}

async function connect(target: Target): Promise<LaneClient> {
  return new StreamEchoClient(await connectStub(echoService(), target));
}

interface Waiting {
  readonly isAnswer: (frame: ServerFrame__Output) => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class StreamEchoClient implements LaneClient {
  readonly chat = undefined;
  readonly #stub: Client;
  readonly #stream: ClientDuplexStream<ClientFrame, ServerFrame__Output>;
  readonly #waiting = new Fifo<Waiting>();
  #error: Error | undefined;

  constructor(stub: Client) {
    const { path, requestSerialize, responseDeserialize } = loadMessageService().Converse;
    this.#stub = stub;
    this.#stream = stub.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    this.#stream.on('data', (frame: ServerFrame__Output) => this.#answered(frame));
    this.#stream.on('error', (error) => this.#end(error));
    this.#stream.on('end', () => this.#end(new Error('the stream of the echo has ended')));
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  operation(workload: Workload): () => Promise<void> {
    if (workload.kind === 'search') {
      const frame = { search: { query: searchedName } };
      return () => this.#ask(frame, ({ results }) => results[0] === searchedName);
    }
    const { body } = workload;
    const frame = { send: { sender: echoedSender, recipient: echoedRecipient, body } };
    return () => this.#ask(frame, ({ messages }) => messages[0]?.body.length === body.length);
  }

  close(): Promise<void> {
    this.#end(new Error('this client was closed'));
    this.#stream.cancel();
    this.#stub.close();
    return Promise.resolve();
  }

  #ask(frame: ClientFrame, isAnswer: Waiting['isAnswer']): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#error !== undefined) {
        reject(this.#error);
        return;
      }
      this.#waiting.push({ isAnswer, resolve, reject });
      this.#stream.write(frame);
    });
  }

  #answered(frame: ServerFrame__Output): void {
    const oldest = this.#waiting.shift();
    if (oldest?.isAnswer(frame)) oldest.resolve();
    else oldest?.reject(new Error('the echo of a frame is not what was sent'));
  }

  #end(error: Error): void {
    this.#error ??= error;
    for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift()) {
      one.reject(this.#error);
    }
  }
}
