import type { Client, ClientDuplexStream, handleBidiStreamingCall } from '@grpc/grpc-js';
import { Status } from '@tandem/core';
import {
  type ClientFrame,
  type ClientFrame__Output,
  loadMessageService,
  type ServerFrame,
  type ServerFrame__Output,
} from '@tandem/protos';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import {
  echoedCharsMax,
  echoedRecipient,
  echoedSender,
  searchedName,
} from '../echo/echo-operations.ts';
import { PendingOperations } from '../echo/pending-operations.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from '../lane.ts';
import { connectStub, settings as echoSettings, startEchoService } from './grpc-echo.ts';

/** Of a stream of grpc-js as it comes. */
export const settings: LaneSettings = {
  ...echoSettings,
  writes:
    'a gRPC message for each request and response, each written when HTTP/2 has accepted the one before, as streams of grpc-js do',
};

/**
 * One stream of grpc-js without options: a stub, and a server that writes one message after the other. Our server
 * passes all messages of a turn at once, so at depth this is not its floor, but a comparison.
 */
export const lane: Lane = {
  name: 'grpc-stream-echo',
  title: 'bare grpc-js stream echo',
  description:
    'One bidirectional stream of a grpc-js stub with default options, with the frames of the chat; the server answers each at once and keeps nothing.',
  kind: 'control',
  wire: 'grpc-converse',
  baselines: ['grpc-echo', 'net-echo', 'ws-echo'],
  echoedCharsMax,
  settings,
  startServer,
  connect,
};

/** The contract's Converse. */
export function echoService() {
  const { Converse } = loadMessageService();
  return { Converse };
}

function startServer(): Promise<LaneServer> {
  const converse: handleBidiStreamingCall<ClientFrame__Output, ServerFrame> = (call) => {
    call.on('data', (frame: ClientFrame__Output) => call.write(responseTo(frame)));
    call.on('end', () => call.end());
  };
  return startEchoService(echoService(), { Converse: converse });
}

/** The response to a frame: the result of a chat with one user. */
export function responseTo({ search, send }: ClientFrame__Output): ServerFrame {
  if (search) return { statusCode: Status.found, results: [search.query] };
  const { sender = '', body = '' } = send ?? {};
  return { statusCode: Status.delivered, messages: [{ sender, body }] };
}

async function connect(target: Target): Promise<LaneClient> {
  return new StreamEchoClient(await connectStub(echoService(), target));
}

type IsExpected = (frame: ServerFrame__Output) => boolean;

/** The client's side of the stream, as a stub has it. */
export class StreamEchoClient extends EchoLaneClient {
  readonly #stub: Client;
  readonly #stream: ClientDuplexStream<ClientFrame, ServerFrame__Output>;
  readonly #pending = new PendingOperations<IsExpected>();

  constructor(stub: Client) {
    super();
    const { path, requestSerialize, responseDeserialize } = loadMessageService().Converse;
    this.#stub = stub;
    this.#stream = stub.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    this.#stream.on('data', (frame: ServerFrame__Output) => this.#completed(frame));
    this.#stream.on('error', (error) => this.#pending.fail(error));
    this.#stream.on('end', () => this.#pending.fail(new Error('the stream of the echo has ended')));
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
    this.#pending.fail(new Error('this client was closed'));
    this.#stream.cancel();
    this.#stub.close();
    return Promise.resolve();
  }

  #ask(frame: ClientFrame, isExpected: IsExpected): Promise<void> {
    return this.#pending.start(isExpected, () => this.#stream.write(frame));
  }

  #completed(frame: ServerFrame__Output): void {
    const right = this.#pending.expected?.(frame);
    this.#pending.completed(
      right === false ? 'the echo of a frame is not what was sent' : undefined,
    );
  }
}
