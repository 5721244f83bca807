/** A node's account of itself, which goes along with each renewal of its lease. */
export interface NodeReport {
  /** The version of its program. */
  readonly version: string;
  readonly state: 'starting' | 'serving' | 'stopping';
  /** The places at which clients reach it, by transport. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The number of connections of clients. */
  readonly clients: number;
}

/** A node's account of itself, as it is kept. */
export interface KeptReport extends NodeReport {
  readonly sessions: number;
  /** The time from when its last renewal was due to its answer, in milliseconds. */
  readonly lagMs: number;
}
