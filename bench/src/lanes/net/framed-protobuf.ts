import { once } from 'node:events';
import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { Operation, ReceiveBuffer, Status } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import { EchoLaneClient } from '../echo/echo-lane-client.ts';
import { echoedRecipient, echoedSender, searchedName } from '../echo/echo-operations.ts';
import { bareSocketSettings, listen } from '../echo/echo-server.ts';
import { JoinedWrites } from '../echo/joined-writes.ts';
import { PendingOperations } from '../echo/pending-operations.ts';
import type { Lane, LaneClient, LaneServer, LaneSettings, Target, Workload } from '../lane.ts';

const settings: LaneSettings = {
  ...bareSocketSettings,
  writes: 'joined by turn of the event loop, on both sides',
  compression: 'none',
  serialization:
    'a frame of 3 bytes, operation and length, then a protobuf message of the contract: proto-loader with the options of the gRPC lanes; a search as the chat has it, a send answered with itself',
};

/** Protobuf in our framing, which separates the cost of gRPC's codec from that of HTTP/2. */
export const lane: Lane = {
  name: 'framed-protobuf',
  title: 'protobuf over a socket',
  description:
    'The protobuf messages of the gRPC echo, each behind three bytes of our framing, over a socket of node:net; the server decodes each, answers at once and keeps nothing.',
  kind: 'control',
  wire: 'framed-protobuf',
  baselines: ['net-echo-tuned', 'codec-protobuf'],
  // A frame's length has two bytes, and the names take some of it.
  echoedCharsMax: 65_000,
  settings,
  startServer,
  connect,
};

/** The length of a frame's header: one byte of operation, two of length, big-endian. */
export const headerBytes = 3;

interface Frame {
  readonly operation: number;
  readonly message: Buffer;
}

/** Bytes in, frames out. */
class FrameDecoder {
  readonly #buffer = new ReceiveBuffer();

  push(chunk: Buffer): void {
    this.#buffer.push(chunk);
  }

  /** Returns the next frame; undefined when it is not complete. */
  next(): Frame | undefined {
    const buffer = this.#buffer;
    const length = buffer.length < headerBytes ? undefined : buffer.u16At(1);
    if (length === undefined || buffer.length < headerBytes + length) {
      buffer.keep();
      return undefined;
    }
    const operation = buffer.byteAt(0);
    const message = buffer.bytesAt(headerBytes, length);
    buffer.consume(headerBytes + length);
    return { operation, message };
  }
}

/** Frames out, those of one turn of the event loop in one write. */
class FrameWriter {
  readonly #writes: JoinedWrites;

  constructor(socket: Socket) {
    this.#writes = new JoinedWrites(socket);
  }

  write(operation: number, message: Buffer): void {
    const frame = Buffer.allocUnsafe(headerBytes + message.length);
    frame.writeUInt8(operation, 0);
    frame.writeUInt16BE(message.length, 1);
    message.copy(frame, headerBytes);
    this.#writes.push(frame);
  }
}

function startServer(): Promise<LaneServer> {
  const server = createServer({ noDelay: true }, (socket) => {
    const decoder = new FrameDecoder();
    const writer = new FrameWriter(socket);
    socket.on('data', (chunk) => {
      decoder.push(chunk);
      for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
        writer.write(frame.operation, responseTo(frame));
      }
    });
    socket.on('error', () => {});
  });
  return listen(server);
}

function responseTo({ operation, message }: Frame): Buffer {
  const { Search, Send } = loadMessageService();
  if (operation === Operation.send) {
    return Send.requestSerialize(Send.requestDeserialize(message));
  }
  const { query } = Search.requestDeserialize(message);
  return Search.responseSerialize({ statusCode: Status.found, results: [query] });
}

async function connect({ host, port }: Target): Promise<LaneClient> {
  const socket = connectTcp({ host, port, noDelay: true });
  await once(socket, 'connect');
  return new FramedProtobufClient(socket);
}

class FramedProtobufClient extends EchoLaneClient {
  readonly #socket: Socket;
  readonly #writer: FrameWriter;
  readonly #decoder = new FrameDecoder();
  readonly #closed: Promise<void>;
  readonly #pending = new PendingOperations<(frame: Frame) => boolean>();

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    this.#writer = new FrameWriter(socket);
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection of the echo has ended')));
  }

  operation(workload: Workload): () => Promise<void> {
    const { Search, Send } = loadMessageService();
    if (workload.kind === 'search') {
      const isExpected = ({ message }: Frame) =>
        Search.responseDeserialize(message).results[0] === searchedName;
      return () =>
        this.#ask(Operation.search, Search.requestSerialize({ query: searchedName }), isExpected);
    }
    const { body } = workload;
    const request = { sender: echoedSender, recipient: echoedRecipient, body };
    const isExpected = ({ message }: Frame) =>
      Send.requestDeserialize(message).body.length === body.length;
    return () => this.#ask(Operation.send, Send.requestSerialize(request), isExpected);
  }

  close(): Promise<void> {
    this.#end(new Error('this client was closed'));
    return this.#closed;
  }

  #ask(operation: number, message: Buffer, isExpected: (frame: Frame) => boolean): Promise<void> {
    return this.#pending.start(isExpected, () => this.#writer.write(operation, message));
  }

  #receive(chunk: Buffer): void {
    this.#decoder.push(chunk);
    for (let frame = this.#decoder.next(); frame !== undefined; frame = this.#decoder.next()) {
      const right = this.#pending.expected?.(frame);
      this.#pending.completed(right === false ? 'the echo is not what was sent' : undefined);
    }
  }

  #end(error: Error): void {
    this.#pending.fail(error);
    this.#socket.destroy();
  }
}
