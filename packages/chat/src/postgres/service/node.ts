import type { RegisterOutcome } from '@tandem/core';
import type { Asker, Origin } from '../../scheduling/fair-queue.ts';
import type { SearchResult } from '../../search/search.ts';
import type { Secrets } from '../../service/secrets.ts';
import type { Session } from '../../service/session.ts';
import type { Step } from '../traffic/line.ts';
import type { StepOutcome } from '../traffic/traffic.ts';
import type { Claim } from './claims.ts';

/** A node, as the parts of its service know it. */
export interface Node {
  /** Its number; undefined while it has no place. */
  readonly node: number | undefined;
  readonly secrets: Secrets;
  /** The sessions of this node, the oldest first. */
  readonly sessions: readonly Session[];
  /** Returns the claim of a session of this node. */
  claimOf(session: Session): Claim;
  /** Carries out a step in the node's line. Rejects when that failed, having told `onStoreError`. */
  carryOut(step: Step): Promise<StepOutcome>;
  /**
   * Reads rows as they are after every write before the call.
   *
   * @param name unique for the text, which is prepared under it
   * @param slow true for what may take a while
   */
  read<Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
    slow?: boolean,
  ): Promise<Row[]>;
  /** Returns usernames that match; undefined when too many searches wait. [P-4.3] */
  search(query: string, asker: Asker): Promise<SearchResult | undefined>;
  /** Makes an account, whoever may make them: for the operator, too. */
  create(username: string, secret: string | undefined, origin: Origin): Promise<RegisterOutcome>;
  /** Tells if there is such a user, after every write before the call. */
  has(username: string): Promise<boolean>;
  /** Ends a session that the database has ended: of this node, or of the node that has it. */
  tellEnd(node: unknown, number: unknown, end: 'resumed' | 'dismissed'): void;
}
