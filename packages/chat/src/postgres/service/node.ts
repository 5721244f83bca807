import type { RegisterOutcome } from '@tandem/core';
import type { Asker, Origin } from '../../scheduling/fair-queue.ts';
import type { SearchResult } from '../../search/search.ts';
import type { Secrets } from '../../service/secrets.ts';
import type { Session } from '../../service/session.ts';
import type { Step } from '../traffic/line.ts';
import type { StepOutcome } from '../traffic/traffic.ts';
import type { Claim } from './claims.ts';

/** The way to read rows. */
export interface ReadOptions {
  /** Reads them as they are after every write of this client before the call; by default it waits for none. */
  readonly after?: Origin;
  /** True for what may take a while. */
  readonly slow?: boolean;
}

/** A node, as the parts of its service know it. */
export interface Node {
  /** Its number; undefined while it has no place. */
  readonly node: number | undefined;
  readonly secrets: Secrets;
  /** The sessions of this node, the oldest first. */
  readonly sessions: readonly Session[];
  /** Returns the claim of a session of this node. */
  claimOf(session: Session): Claim;
  /** Carries out a step of a client in the node's line. Rejects when that failed, having told `onStoreError`. */
  carryOut(step: Step, origin: Origin): Promise<StepOutcome>;
  /**
   * Reads rows.
   *
   * @param name unique for the text, which is prepared under it
   */
  read<Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
    options?: ReadOptions,
  ): Promise<Row[]>;
  /** Returns usernames that match; undefined when too many searches wait. [P-4.3] */
  search(query: string, asker: Asker): Promise<SearchResult | undefined>;
  /** Makes an account, whoever may make them: for the operator, too. */
  create(username: string, secret: string | undefined, origin: Origin): Promise<RegisterOutcome>;
  /** Tells if there is such a user, after every write of a client before the call. */
  has(username: string, origin: Origin): Promise<boolean>;
  /** Ends a session that the database has ended: of this node, or of the node that has it. */
  tellEnd(node: unknown, number: unknown, end: 'resumed' | 'dismissed'): void;
}
