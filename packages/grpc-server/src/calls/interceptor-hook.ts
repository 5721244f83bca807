import type { ServerInterceptor } from '@grpc/grpc-js';

type Call = Parameters<ServerInterceptor>[1];
type Listener = Parameters<Call['start']>[0];

/**
 * Hears of what comes in on a call before its handler does; the handler hears everything. It hooks
 * into the call's `start` instead of wrapping the call, which would take part in every answer.
 */
export function overhear(
  call: Call,
  heard: Partial<Pick<Listener, 'onReceiveMetadata' | 'onCancel'>>,
): void {
  const start = call.start.bind(call);
  call.start = (listener) => {
    start({
      onReceiveMetadata: (metadata) => {
        heard.onReceiveMetadata?.(metadata);
        listener.onReceiveMetadata(metadata);
      },
      onReceiveMessage: (message) => listener.onReceiveMessage(message),
      onReceiveHalfClose: () => listener.onReceiveHalfClose(),
      onCancel: () => {
        heard.onCancel?.();
        listener.onCancel();
      },
    });
  };
}
