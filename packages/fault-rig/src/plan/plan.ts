import type { Direction, Faults } from '@tandem/proxy';
import type { Transport } from '../history/event.ts';

/** A moment of a round, in milliseconds from its start. */
interface Moment {
  readonly atMs: number;
}

/** One step of an actor, at a moment. A step is later if the one before took long. */
export type Step = Moment &
  (
    | { readonly do: 'register'; readonly user: string }
    /** Logs in as this user, also when another user or the same one was logged in. */
    | { readonly do: 'login'; readonly user: string }
    /** Sends as this user, logging in if need be, one message for each of `chars`. */
    | {
        readonly do: 'send';
        readonly user: string;
        readonly to: string;
        readonly chars: readonly number[];
        /** True to send all without waiting for responses in between. */
        readonly overlapping: boolean;
      }
    /** Resumes its session on a second connection, and sends on both. */
    | {
        readonly do: 'take over';
        readonly user: string;
        readonly to: string;
        readonly chars: number;
      }
    | { readonly do: 'search'; readonly query: string }
    /** Takes each message slowly for a while. */
    | { readonly do: 'linger'; readonly forMs: number; readonly eachMs: number }
    | { readonly do: 'logout' }
    | { readonly do: 'delete'; readonly user: string }
    /** Closes the connection politely. */
    | { readonly do: 'leave' }
  );

/** A client and its steps. Each has a proxy of its own in front of each server. */
export interface ActorPlan {
  readonly actor: number;
  readonly transport: Transport;
  /** The number of the client process that runs it. */
  readonly process: number;
  readonly steps: readonly Step[];
}

/** A fault of the server. One is over before the next begins. */
export type ServerFault = Moment &
  /** SIGKILL, and a new start; with `againAfterMs`, another SIGKILL so long after the beginning of that start. */
  (
    | { readonly kind: 'kill'; readonly againAfterMs: number | undefined }
    /** SIGTERM under load, and a new start. */
    | { readonly kind: 'terminate' }
    /** SIGSTOP, and SIGCONT after a while. */
    | { readonly kind: 'freeze'; readonly forMs: number }
    /** The file system of the data directory has no space left; with `kill`, a SIGKILL comes meanwhile. */
    | { readonly kind: 'fill-disk'; readonly forMs: number; readonly kill: boolean }
    /** Writes to files fail, as on a broken device, until the server has ended. */
    | { readonly kind: 'break-disk' }
  );

/** A fault of nodes, or of the database that they share. One is over before the next begins. */
export type NodeFault = Moment &
  (
    | { readonly kind: 'kill-database' | 'crash-database' }
    /** The standby takes over; with `lagMs`, it is dead for so long before, and waits for it are cancelled. */
    | { readonly kind: 'fail-over'; readonly lagMs: number | undefined }
    /** The administrator ends a connection of a node, or cancels what nodes write for a while. */
    | { readonly kind: 'end-connection'; readonly purpose: string }
    | { readonly kind: 'cancel-writes'; readonly forMs: number }
    | FaultOfOneNode
  );

/** A fault of one node, or of its connections to the database. */
export type FaultOfOneNode = { readonly node: number } & (
  | { readonly kind: 'kill' | 'terminate' | 'cut' }
  /** It is stopped, or nothing passes and everything comes late: for a while, which may begin at its burial. */
  | {
      readonly kind: 'freeze' | 'stall';
      readonly untilBuried: boolean;
      readonly forMs: number;
    }
  /** Responses do not pass for a while, and are lost with their connections then. */
  | { readonly kind: 'lose-responses'; readonly forMs: number }
  | { readonly kind: 'slow'; readonly forMs: number; readonly delayMs: number }
);

/** A client process is killed, and its actors begin anew in another. */
export interface ClientKill extends Moment {
  readonly process: number;
}

/** A fault of the connections of some actors. */
export type NetworkFault = Moment & { readonly actors: readonly number[] } & (
    | {
        readonly kind: 'delay' | 'rate' | 'split' | 'stall' | 'refuse';
        readonly faults: Faults;
        readonly forMs: number;
      }
    | { readonly kind: 'half-close'; readonly direction: Direction }
    | { readonly kind: 'reset' | 'cut' }
  );

/** All that is decided before a round begins. */
export interface Plan {
  /** The seed of the plan. */
  readonly seed: string;
  readonly durationMs: number;
  /** The users whose mailboxes are read at the end. */
  readonly users: readonly string[];
  readonly actors: readonly ActorPlan[];
  readonly processes: number;
  /** True when the data directory is on a file system that can be filled. */
  readonly onSmallDisk: boolean;
  readonly serverFaults: readonly ServerFault[];
  readonly nodeFaults: readonly NodeFault[];
  readonly clientKills: readonly ClientKill[];
  readonly networkFaults: readonly NetworkFault[];
}
