import type { LaneClient, Workload } from '../lane.ts';

/** A client without a chat service. Its operations need no preparation. */
export abstract class EchoLaneClient implements LaneClient {
  readonly chat = undefined;

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  abstract operation(workload: Workload): () => Promise<void>;

  abstract close(): Promise<void>;
}
