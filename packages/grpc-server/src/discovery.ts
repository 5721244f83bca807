import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { addReflection } from './reflection.ts';

/** The name of the service that this server is there for. */
export const serviceName = 'MessageService';

/**
 * What the tools of gRPC ask a server: whether it serves (`grpc.health.v1.Health`), and what
 * (`grpc.reflection`, v1 and v1alpha), so that `grpcurl` and probes need no file of ours.
 */
export class Discovery {
  readonly #health = new HealthImplementation({ '': 'SERVING', [serviceName]: 'SERVING' });

  constructor(server: Server) {
    this.#health.addToServer(server);
    addReflection(server);
  }

  /** Whoever watches is told that the server serves no more. */
  stop(): void {
    this.#health.setStatus('', 'NOT_SERVING');
    this.#health.setStatus(serviceName, 'NOT_SERVING');
  }
}
