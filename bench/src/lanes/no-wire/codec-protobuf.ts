import { type Message, Status } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import { grpcPrefixBytes } from '../echo/echo-operations.ts';
import { serviceless } from '../echo/echo-server.ts';
import type { Lane, LaneSettings } from '../lane.ts';
import { CodecClient, type RoundTrip } from './codec-operations.ts';

const settings: LaneSettings = {
  noDelay: '-',
  writes: '-',
  deadlines: '-',
  keepalive: '-',
  compression: 'none',
  serialization:
    'proto-loader (protobufjs), with the options of the gRPC lanes, and a prefix of 5 bytes copied before each message as grpc-js does; the messages of unary calls',
  windows: '-',
  ...serviceless,
  otherOptions: 'a promise for each operation',
};

/** Measures the cost of protobuf, with the serializers that the gRPC lanes use. */
export const lane: Lane = {
  name: 'codec-protobuf',
  title: 'codec alone, protobuf',
  description:
    'The request encoded and decoded, the response encoded and decoded, and for a send the pushed message too, as gRPC messages, without any I/O.',
  kind: 'control',
  wire: 'none',
  baselines: ['codec-framed'],
  settings,
  connect: async () => new CodecClient(new ProtobufRoundTrip()),
};

class ProtobufRoundTrip implements RoundTrip {
  readonly #service = loadMessageService();

  search(query: string): readonly string[] {
    const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } =
      this.#service.Search;
    const request = requestDeserialize(carried(requestSerialize({ query })));
    const response = { statusCode: Status.found, results: [request.query] };
    return responseDeserialize(carried(responseSerialize(response))).results;
  }

  send(sender: string, recipient: string, body: string): { status: number; message: Message } {
    const { Send, Subscribe } = this.#service;
    const request = Send.requestSerialize({ sender, recipient, body });
    const sent = Send.requestDeserialize(carried(request));
    const response = Send.responseSerialize({ statusCode: Status.delivered });
    const { statusCode } = Send.responseDeserialize(carried(response));
    const push = Subscribe.responseSerialize({ sender: sent.sender, body: sent.body });
    return { status: statusCode, message: Subscribe.responseDeserialize(carried(push)) };
  }
}

/** The message as it is after gRPC's prefix was put before it and taken off again. */
function carried(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(grpcPrefixBytes + message.length);
  framed.writeUInt8(0, 0);
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, grpcPrefixBytes);
  if (framed.readUInt32BE(1) !== framed.length - grpcPrefixBytes) throw new Error('cut');
  return framed.subarray(grpcPrefixBytes);
}
