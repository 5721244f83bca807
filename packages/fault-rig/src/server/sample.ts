/** The resources that a server holds at one moment. */
export interface ResourceSample {
  /** The time of the sample, on the machine's monotonic clock. */
  readonly atMs: number;
  /** Memory that the process takes, in bytes. */
  readonly rssBytes: number;
  /** JavaScript's memory after a garbage collection, in bytes. */
  readonly heapBytes: number;
  /** Open file descriptors; undefined where the system does not list them. */
  readonly descriptors: number | undefined;
  /** Sockets, timers and whatever else keeps the process alive. */
  readonly handles: number;
}

/** The probe's request and answer. */
export type ToProbe = 'sample';
export type FromProbe = ResourceSample;
