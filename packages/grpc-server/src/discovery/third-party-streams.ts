import type { ServerInterceptor } from '@grpc/grpc-js';
import { type InterceptedCall, intercept, onReceive } from '../calls/call-hooks.ts';
import { shortLived } from '../calls/let-go.ts';
import type { CallError } from '../calls/refusal.ts';

/**
 * The streams of third-party services: health's Watch and reflection. Their packages neither end them
 * when the server stops nor wait for a client that does not read; this does both.
 */
export class ThirdPartyStreams {
  readonly #open = new Set<InterceptedCall>();
  readonly #ownPrefix: string;

  /** @param ownService the service whose streams need none of this */
  constructor(ownService: string) {
    this.#ownPrefix = `/${ownService}/`;
  }

  /** Keeps the streams of third-party services. */
  get interceptor(): ServerInterceptor {
    return intercept((method, call) => {
      if (!method.responseStream || method.path.startsWith(this.#ownPrefix)) return;
      this.#open.add(call);
      onReceive(call, { onCancel: () => this.#open.delete(call) });
      readAsResponsesLeave(call);
    });
  }

  /** Ends every stream. */
  endAll({ code, details }: CallError): void {
    for (const call of this.#open) call.sendStatus({ code, details });
  }
}

/** Makes a call take no request while a response of it waits for the client to read. */
function readAsResponsesLeave(call: InterceptedCall): void {
  const sendMessage = call.sendMessage.bind(call);
  const startRead = call.startRead.bind(call);
  let responding = false;
  let wanted = false;
  call.startRead = shortLived(() => {
    if (responding) wanted = true;
    else startRead();
  });
  call.sendMessage = shortLived((message, onAccepted) => {
    responding = true;
    sendMessage(message, () => {
      responding = false;
      onAccepted();
      if (!wanted || responding) return;
      wanted = false;
      startRead();
    });
  });
}
