import type { Metadata, ServerInterceptingCall, ServerInterceptor } from '@grpc/grpc-js';
import { shortLived } from './let-go.ts';

/** A method, as an interceptor gets it. */
export type Method = Parameters<ServerInterceptor>[0];

/** A call, as an interceptor gets it. */
export type InterceptedCall = Parameters<ServerInterceptor>[1];

/** The receiver of what a client sends on a call. */
export type CallListener = Parameters<InterceptedCall['start']>[0];

/** Returns an interceptor that passes each call to a hook, and on. */
export function intercept(
  hook: (method: Method, call: InterceptedCall) => void,
): ServerInterceptor {
  return (method, call) => {
    hook(method, call);
    // grpc-js takes any call from an interceptor, though its type asks for the wrapper, which costs time.
    return call as ServerInterceptingCall;
  };
}

/** Keeps something of each call by its metadata: the one object that handler and interceptor share. */
export class ByMetadata<Value> {
  readonly #values = new WeakMap<Metadata, Value>();

  /** Keeps a value for as long as the metadata of its call is there. */
  set(metadata: Metadata, value: Value): void {
    this.#values.set(metadata, value);
  }

  /** Returns what was set for the call with this metadata. */
  of(metadata: Metadata): Value {
    const value = this.#values.get(metadata);
    if (value === undefined) throw new Error('this call did not come by the interceptor');
    return value;
  }
}

/**
 * Calls back before the handler of a call gets what the client sends. It hooks into the call's `start`:
 * a wrapper of the call would take part in every response.
 */
export function onReceive(
  call: InterceptedCall,
  hooks: Partial<Pick<CallListener, 'onReceiveMetadata' | 'onCancel'>>,
): void {
  const start = call.start.bind(call);
  call.start = shortLived((listener) => {
    start({
      onReceiveMetadata: (metadata) => {
        hooks.onReceiveMetadata?.(metadata);
        listener.onReceiveMetadata(metadata);
      },
      onReceiveMessage: (message) => listener.onReceiveMessage(message),
      onReceiveHalfClose: () => listener.onReceiveHalfClose(),
      onCancel: () => {
        hooks.onCancel?.();
        listener.onCancel();
      },
    });
  });
}

/** Calls back when a call is over: grpc-js emits `cancelled` at the end of each call, completed or not. */
export function onOver(
  call: { on(event: 'cancelled', listener: () => void): unknown },
  listener: () => void,
): void {
  call.on('cancelled', listener);
}
