import {
  status as GrpcStatus,
  type Metadata,
  type ServerInterceptingCall,
  type ServerInterceptor,
} from '@grpc/grpc-js';

type Call = Parameters<ServerInterceptor>[1];
type Listener = Parameters<Call['start']>[0];

/**
 * Ends a call whose metadata is larger than it may be, before its handler runs. HTTP/2 as grpc-js
 * sets it up has no such limit, and the metadata of a call is kept as long as the call.
 *
 * It hooks into the call's `start` instead of wrapping the call: a wrapper takes part in every
 * message, and this need only look once.
 */
export function limitMetadata(metadataBytesMax: number): ServerInterceptor {
  return (_method, call) => {
    const start = call.start;
    call.start = function startLimited(this: Call, listener: Listener) {
      start.call(this, new LimitingListener(listener, this, metadataBytesMax));
    };
    // grpc-js chains whatever an interceptor returns; it asks for the wrapper's type, not for one.
    return call as ServerInterceptingCall;
  };
}

/** Passes everything on but metadata that is too large. */
class LimitingListener {
  readonly #listener: Listener;
  readonly #call: Call;
  readonly #metadataBytesMax: number;

  constructor(listener: Listener, call: Call, metadataBytesMax: number) {
    this.#listener = listener;
    this.#call = call;
    this.#metadataBytesMax = metadataBytesMax;
  }

  onReceiveMetadata(metadata: Metadata): void {
    if (metadataBytes(metadata) <= this.#metadataBytesMax) {
      this.#listener.onReceiveMetadata(metadata);
    } else {
      this.#call.sendStatus({
        code: GrpcStatus.RESOURCE_EXHAUSTED,
        details: `metadata may have ${this.#metadataBytesMax} bytes`,
      });
    }
  }

  onReceiveMessage(message: unknown): void {
    this.#listener.onReceiveMessage(message);
  }

  onReceiveHalfClose(): void {
    this.#listener.onReceiveHalfClose();
  }

  onCancel(): void {
    this.#listener.onCancel();
  }
}

function metadataBytes(metadata: Metadata): number {
  let bytes = 0;
  const all = metadata.toJSON();
  for (const name in all) {
    for (const value of all[name] ?? []) bytes += name.length + value.length;
  }
  return bytes;
}
