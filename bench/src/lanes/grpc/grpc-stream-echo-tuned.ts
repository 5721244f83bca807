import type {
  handleBidiStreamingCall,
  Metadata,
  ServerInterceptingCall,
  ServerInterceptor,
} from '@grpc/grpc-js';
import type { ClientFrame__Output, ServerFrame } from '@tandem/protos';
import type { Lane, LaneServer } from '../lane.ts';
import { connectStub } from './grpc-echo.ts';
import { startTunedService, tunedClientOptions } from './grpc-echo-tuned.ts';
import {
  echoService,
  lane as grpcStreamEcho,
  responseTo,
  StreamEchoClient,
} from './grpc-stream-echo.ts';

/** The floor of one stream with the means that our own client and server use, but for how the server reads. */
export const lane: Lane = {
  ...grpcStreamEcho,
  name: 'grpc-stream-echo-tuned',
  title: 'grpc-js stream echo, tuned',
  description:
    'The bare stream echo with retries and channelz off, whose server hands all responses of a turn to HTTP/2 at once, as our own server does.',
  baselines: ['grpc-stream-echo'],
  settings: {
    ...grpcStreamEcho.settings,
    writes:
      'client: a gRPC message for each request, each written when HTTP/2 has accepted the one before; server: all messages of a turn at once',
    deadlines: 'no deadline for a call; retries off',
    otherOptions:
      'retries, channelz, HTTP proxy and service config off; a subchannel pool of its own for each client; a generated stub; server: responses straight to the call below the stream, requests by its readable, which our own server does without; a promise for each operation',
  },
  startServer,
  connect: async (target) =>
    new StreamEchoClient(await connectStub(echoService(), target, tunedClientOptions)),
};

type Call = Parameters<ServerInterceptor>[1];

function startServer(): Promise<LaneServer> {
  return startTunedConverse(() => (frame, respond) => respond(responseTo(frame)));
}

/** Takes the frames of one stream, and responds whenever it wants. */
export type Converser = (frame: ClientFrame__Output, respond: (frame: ServerFrame) => void) => void;

/**
 * Starts a server of one stream for each client, which writes as our own server does.
 *
 * @param begin called for each stream
 */
export function startTunedConverse(begin: () => Converser): Promise<LaneServer> {
  // The handler and the interceptor share the metadata object of a call, and nothing else.
  const calls = new WeakMap<Metadata, Call>();
  const converse: handleBidiStreamingCall<ClientFrame__Output, ServerFrame> = (stream) => {
    const call = calls.get(stream.metadata);
    const converser = begin();
    const respond = (frame: ServerFrame) => call?.sendMessage(frame, () => {});
    stream.on('data', (frame: ClientFrame__Output) => converser(frame, respond));
    stream.on('end', () => stream.end());
  };
  const keepCall: ServerInterceptor = (_method, call) => {
    const start = call.start.bind(call);
    call.start = (listener) => {
      start({
        onReceiveMetadata: (metadata) => {
          calls.set(metadata, call);
          listener.onReceiveMetadata(metadata);
        },
        onReceiveMessage: (message) => listener.onReceiveMessage(message),
        onReceiveHalfClose: () => listener.onReceiveHalfClose(),
        onCancel: () => listener.onCancel(),
      });
    };
    // grpc-js chains whatever an interceptor returns; it asks for the wrapper's type, not for one.
    return call as ServerInterceptingCall;
  };
  return startTunedService(echoService(), { Converse: converse }, [keepCall]);
}
