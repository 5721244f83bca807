import type { Measurement, MeasureTimes, ProcessUsage } from '../../scenarios/scenario.ts';

// The messages between the rig and its processes: JSON, a line each, on standard input and output.

/** The first line that a client process gets: the address of its server, and the time to measure. */
export interface Job extends MeasureTimes {
  readonly host: string;
  /** 0 for a lane without a server. */
  readonly port: number;
  readonly otherPorts?: readonly number[] | undefined;
  /** The number of accounts that the server began with. */
  readonly accounts: number;
}

/** The messages of a client process. After all but the last two it waits for a {@link RigReply}. */
export type ClientEvent =
  | { readonly event: 'measuring' }
  | { readonly event: 'measured'; readonly usage: ClientUsage }
  | { readonly event: 'server-usage'; readonly collectGarbage: boolean }
  | { readonly event: 'result'; readonly measurement: Measurement }
  | { readonly event: 'failed'; readonly message: string };

/** The usage of the client process between the two ends of its measurement. */
export interface ClientUsage {
  readonly before: ProcessUsage;
  readonly after: ProcessUsage;
  readonly measuredMs: number;
}

/** Tells a client process to go on, with the server's usage where there is a server. */
export interface RigReply {
  readonly server: ProcessUsage | null;
}

/** The first line of a server process. */
export interface ServerReady {
  readonly port: number;
  readonly otherPorts?: readonly number[] | undefined;
}
