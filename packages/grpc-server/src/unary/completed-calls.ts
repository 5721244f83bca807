import {
  status as GrpcStatus,
  type Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptor,
} from '@grpc/grpc-js';

/**
 * Knows which unary calls were answered: they had a response and no error, and it was handed to
 * HTTP/2 before a cancellation or a deadline cut it off. A handler cannot see that by itself: its
 * call ends with the same event either way. A call is known by its metadata, the one object that
 * handler and interceptor share.
 */
export class AnsweredCalls {
  readonly #answered = new WeakSet<Metadata>();

  /** Whether the response of the call with this metadata was written. */
  has(metadata: Metadata): boolean {
    return this.#answered.has(metadata);
  }

  /** Watches the calls of one method; others pay nothing. @param path `/Service/Method` */
  watch(path: string): ServerInterceptor {
    return (method, call) => {
      if (method.path !== path) return call as ServerInterceptingCall;
      let received: Metadata | undefined;
      return new ServerInterceptingCall(
        call,
        new ResponderBuilder()
          .withStart((next) =>
            next({
              onReceiveMetadata: (metadata, forward) => {
                received = metadata;
                forward(metadata);
              },
            }),
          )
          .withSendStatus((status, next) => {
            // grpc-js sends the status once the response's bytes were accepted.
            const answered = status.code === GrpcStatus.OK && Date.now() < deadlineMs(call);
            if (answered && received !== undefined) this.#answered.add(received);
            next(status);
          })
          .build(),
      );
    };
  }
}

function deadlineMs(call: Pick<ServerInterceptingCall, 'getDeadline'>): number {
  return Number(call.getDeadline());
}
