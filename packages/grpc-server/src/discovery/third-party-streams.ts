import type { ServerInterceptingCall, ServerInterceptor } from '@grpc/grpc-js';
import { overhear } from '../calls/interceptor-hook.ts';
import type { CallError } from '../calls/refusal.ts';

type Call = Parameters<ServerInterceptor>[1];

/**
 * The streams of services that are not ours: health's Watch and reflection. Their packages neither
 * end them when the server stops nor wait for a client that does not read its answers; this does.
 */
export class ForeignStreams {
  readonly #open = new Set<Call>();
  readonly #ownPrefix: string;

  /** @param ownService the service whose streams look after themselves */
  constructor(ownService: string) {
    this.#ownPrefix = `/${ownService}/`;
  }

  /** Looks after the calls that it sees. */
  get interceptor(): ServerInterceptor {
    return (method, call) => {
      if (method.responseStream && !method.path.startsWith(this.#ownPrefix)) {
        this.#keep(call);
        readAsAnswersLeave(call);
      }
      // grpc-js chains whatever an interceptor returns; it asks for the wrapper's type, not for one.
      return call as ServerInterceptingCall;
    };
  }

  /** Ends every stream. */
  endAll({ code, details }: CallError): void {
    for (const call of this.#open) call.sendStatus({ code, details });
  }

  #keep(call: Call): void {
    this.#open.add(call);
    overhear(call, { onCancel: () => this.#open.delete(call) });
  }
}

/** Takes no further request of a call while an answer of it waits for its client to read. */
function readAsAnswersLeave(call: Call): void {
  const sendMessage = call.sendMessage.bind(call);
  const startRead = call.startRead.bind(call);
  let answering = false;
  let wanted = false;
  call.startRead = () => {
    if (answering) wanted = true;
    else startRead();
  };
  call.sendMessage = (message, onAccepted) => {
    answering = true;
    sendMessage(message, () => {
      answering = false;
      onAccepted();
      if (!wanted || answering) return;
      wanted = false;
      startRead();
    });
  };
}
