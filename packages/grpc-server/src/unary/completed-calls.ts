import { status as GrpcStatus, type Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { intercept, onReceive } from '../calls/call-hooks.ts';
import { shortLived } from '../calls/let-go.ts';

/**
 * The unary calls that were completed: their response was handed to HTTP/2, without an error, and
 * before a cancellation or the deadline. A handler cannot tell, as its call ends with the same event
 * either way. The key of a call is its metadata, the one object that handler and interceptor share.
 */
export class CompletedCalls {
  readonly #completed = new WeakSet<Metadata>();

  /** Tells whether the call with this metadata was completed. */
  has(metadata: Metadata): boolean {
    return this.#completed.has(metadata);
  }

  /** Returns the interceptor that watches some methods. @param paths each `/Service/Method` */
  watch(paths: ReadonlySet<string>): ServerInterceptor {
    return intercept((method, call) => {
      if (!paths.has(method.path)) return;
      let received: Metadata | undefined;
      onReceive(call, {
        onReceiveMetadata: (metadata) => {
          received = metadata;
        },
      });
      const sendStatus = call.sendStatus.bind(call);
      call.sendStatus = shortLived((status) => {
        // grpc-js sends the status once HTTP/2 has accepted the bytes of the response.
        const completed = status.code === GrpcStatus.OK && Date.now() < Number(call.getDeadline());
        if (completed && received !== undefined) this.#completed.add(received);
        sendStatus(status);
      });
    });
  }
}
