import type { Metadata, ServerInterceptingCall, ServerInterceptor } from '@grpc/grpc-js';
import { overhear } from './interceptor-hook.ts';

type Call = Parameters<ServerInterceptor>[1];

/** Takes the messages of a stream, in order. */
export interface Outlet<Message> {
  /**
   * @param onAccepted called when HTTP/2 has accepted its bytes, and those of all that was handed to it
   *   meanwhile; never when the stream is over
   */
  write(message: Message, onAccepted: () => void): void;
}

/**
 * The ways out of our streams, straight to HTTP/2.
 *
 * What grpc-js gives a handler to write to hands over one message, and the next when HTTP/2 has
 * accepted that, so each is a DATA frame and a turn of its own. Here all messages of a turn are handed
 * over at once, and HTTP/2 joins them. A call is known by its metadata, the one object that handler
 * and interceptor share.
 */
export class Outlets {
  readonly #calls = new WeakMap<Metadata, Call>();
  readonly #prefix: string;

  /** @param service whose streams have outlets */
  constructor(service: string) {
    this.#prefix = `/${service}/`;
  }

  /** Learns of the calls that it sees. */
  get interceptor(): ServerInterceptor {
    return (method, call) => {
      if (method.responseStream && method.path.startsWith(this.#prefix)) {
        overhear(call, { onReceiveMetadata: (metadata) => this.#calls.set(metadata, call) });
      }
      // grpc-js chains whatever an interceptor returns; it asks for the wrapper's type, not for one.
      return call as ServerInterceptingCall;
    };
  }

  /** The way out of the call with this metadata. */
  of<Message>(metadata: Metadata): Outlet<Message> {
    const call = this.#calls.get(metadata);
    if (call === undefined) throw new Error('this call did not come by the interceptor');
    return { write: (message, onAccepted) => call.sendMessage(message, onAccepted) };
  }
}
