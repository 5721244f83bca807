import {
  status as GrpcStatus,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { addReflection } from './reflection.ts';

/** The name of the service that this server is there for. */
export const serviceName = 'MessageService';

interface HealthRequest {
  readonly service: string;
}

interface HealthResponse {
  readonly status: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}

type Watch = ServerWritableStream<HealthRequest, HealthResponse>;

/**
 * What the tools of gRPC ask a server: whether it serves (`grpc.health.v1.Health`), and what
 * (`grpc.reflection`, v1 and v1alpha), so that `grpcurl` and probes need no file of ours.
 *
 * The contract of health is that of its package, and the answers are ours: the package's remember
 * every name that anybody has ever watched.
 */
export class Discovery {
  /** Whoever watches a service that there is. */
  readonly #watches = new Set<Watch>();
  #status: 'SERVING' | 'NOT_SERVING' = 'SERVING';

  constructor(server: Server) {
    server.addService(healthService, {
      check: (
        call: ServerUnaryCall<HealthRequest, HealthResponse>,
        answer: sendUnaryData<HealthResponse>,
      ) => {
        if (isServed(call.request)) answer(null, { status: this.#status });
        else answer({ code: GrpcStatus.NOT_FOUND, details: 'this server has no such service' });
      },
      watch: (call: Watch) => this.#watch(call),
      list: (_call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>) => {
        const status = { status: this.#status };
        answer(null, { statuses: { '': status, [serviceName]: status } });
      },
    });
    addReflection(server);
  }

  /** Whoever watches is told that the server serves no more. */
  stop(): void {
    this.#status = 'NOT_SERVING';
    for (const call of this.#watches) call.write({ status: this.#status });
  }

  /** A service that there is not may come later, says the contract; here it never does. */
  #watch(call: Watch): void {
    if (!isServed(call.request)) {
      call.write({ status: 'SERVICE_UNKNOWN' });
      return;
    }
    this.#watches.add(call);
    call.on('cancelled', () => this.#watches.delete(call));
    call.write({ status: this.#status });
  }
}

function isServed({ service }: HealthRequest): boolean {
  return service === '' || service === serviceName;
}
