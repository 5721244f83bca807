import type { FaultKind } from '../history/event.ts';
import type { ServersOfPlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { ResourceSample } from '../server/sample.ts';
import type { ServerPorts } from '../server/server-process.ts';

/** Records a fault at the moment at which it is caused. */
export type NoteFault = (fault: FaultKind, detail: string) => void;

/** A fault of servers, at a moment of a round. */
export interface TimedFault {
  readonly atMs: number;
  /** Causes it, and resolves when it is over and what it ended runs again. */
  readonly strike: (note: NoteFault) => Promise<void>;
}

/** The events that servers report to their series. */
export interface ServersListener {
  /** A server listens, perhaps on other ports than before. */
  readonly listening: (server: number, ports: ServerPorts) => void;
  /** A server did something unexpected. */
  readonly trouble: (what: string) => void;
}

/** The servers of a series: what clients connect to, and what faults are caused in. */
export interface Servers {
  /** Returns what a plan has to know of them. */
  forPlan(round: number): ServersOfPlan;
  /** Starts what does not run. */
  start(plan: Plan): Promise<void>;
  /** The ports of each server, which do not change in number. */
  readonly ports: readonly ServerPorts[];
  /** Returns their faults in a plan, in order. */
  faultsOf(plan: Plan): readonly TimedFault[];
  /** Ends all faults and makes sure that what was confirmed is kept. Resolves with true when clients can connect. */
  settle(note: NoteFault): Promise<boolean>;
  /** Ends a round; resolves with the resources of a server that lives through all rounds. */
  finish(): Promise<ResourceSample | undefined>;
  /** The faults that cannot be injected here, in words; known after the first start. */
  readonly notInjected: readonly string[];
  /** Kills the processes that run. May be called twice. */
  close(): Promise<void>;
}
