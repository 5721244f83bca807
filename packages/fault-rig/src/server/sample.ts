/** The resources that a server holds at one moment. */
export interface ResourceSample {
  /** The time of the sample, on the machine's monotonic clock. */
  readonly atMs: number;
  /** The memory of the process, in bytes. */
  readonly rssBytes: number;
  /** JavaScript's memory after a garbage collection, in bytes. */
  readonly heapBytes: number;
  /** Open file descriptors; undefined where the system does not list them. */
  readonly descriptors: number | undefined;
  /** The number of sockets, timers and other things that keep the process alive. */
  readonly handles: number;
}

/** The request to the probe, and its reply. */
export type ToProbe = 'sample';
/** A message of the probe. */
export type FromProbe = ResourceSample;
