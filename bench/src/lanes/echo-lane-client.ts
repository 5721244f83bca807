import type { LaneClient, Workload } from './lane.ts';

/** A client without a chat service behind it. Nothing has to be prepared for its operations. */
export abstract class EchoLaneClient implements LaneClient {
  readonly chat = undefined;

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  abstract operation(workload: Workload): () => Promise<void>;

  abstract close(): Promise<void>;
}
