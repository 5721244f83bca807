import type { KeptReport } from '../place/lease-keeper.ts';
import type { Node } from './node.ts';

/** A node, as an operator sees it. What its last renewal has not told is undefined. */
export interface NodeSummary extends Partial<Omit<KeptReport, 'state'>> {
  /** Its number. */
  readonly node: number;
  /**
   * The state of the node: `silent` has not renewed its lease for half of the time that it lasts, `dead` is
   * gone, and its sessions are being ended.
   */
  readonly state: 'starting' | 'serving' | 'draining' | 'silent' | 'dead';
  /** The host and the number of the process; undefined when it is dead. */
  readonly process: string | undefined;
  /** The time at which it took its place, in the form of ISO 8601; undefined when it is dead. */
  readonly since: string | undefined;
  /** The time since its last renewal, in milliseconds, by the clock of PostgreSQL. */
  readonly leaseAgeMs: number;
}

interface Row {
  readonly node: number;
  readonly name: string | null;
  readonly began: Date | null;
  readonly ageMs: number;
  readonly report: Partial<KeptReport>;
  readonly draining: boolean;
  readonly died: boolean;
}

/** All nodes of a database, for an operator. */
export class Cluster {
  readonly #node: Node;
  /** A node that does not renew its lease for so long is buried by others, in milliseconds. */
  readonly liveMs: number;

  constructor(node: Node, liveMs: number) {
    this.#node = node;
    this.liveMs = liveMs;
  }

  /** The number of the node that is asked; undefined while it has no place. */
  get own(): number | undefined {
    return this.#node.node;
  }

  /** Returns the nodes, the oldest first. Rejects with a {@link StoreError}. */
  async nodes(): Promise<NodeSummary[]> {
    const rows = await this.#node.read<Row>('cluster', clusterSql, []);
    return rows.map((row) => ({
      node: row.node,
      ...row.report,
      state: this.#stateOf(row),
      process: row.name ?? undefined,
      since: row.began?.toISOString(),
      leaseAgeMs: Math.round(row.ageMs),
    }));
  }

  #stateOf({ died, ageMs, draining, report }: Row): NodeSummary['state'] {
    if (died) return 'dead';
    if (ageMs > this.liveMs / 2) return 'silent';
    if (draining || report.state === 'stopping') return 'draining';
    return report.state ?? 'serving';
  }

  /**
   * Asks a node to leave, which it hears with its next renewal. Drains come one after the other, so two that are
   * asked for at once do not leave nobody to serve. Resolves with false when there is no such node, or when no
   * other one serves that is not to leave; a `forced` one is drained all the same.
   */
  async drain(node: number, forced: boolean): Promise<boolean> {
    // It has no parameters; both are a number or a truth value of ours.
    const name = `drain ${node} ${forced}`;
    await this.#node.read(name, drainSql(node, forced, this.liveMs / 2), [], { slow: true });
    const rows = await this.#node.read('draining', drainingSql, [node], { slow: true });
    return rows.length > 0;
  }
}

const clusterSql = `
SELECT node, name, began, report, draining, died,
  (extract(epoch FROM clock_timestamp() - renewed) * 1000)::float8 AS "ageMs"
FROM tandem.cluster ORDER BY node`;

// Another number than that of the schema, see version.ts.
const drainLock = '1952542307, 2';

// In a block, the second statement sees what was committed while the first one waited.
const drainSql = (node: number, forced: boolean, silentMs: number) => `
DO $$ BEGIN
  PERFORM pg_advisory_xact_lock(${drainLock});
  UPDATE tandem.leases SET draining = true
  WHERE node = ${node} AND EXISTS (SELECT FROM tandem.nodes WHERE id = ${node})
    AND (${forced} OR EXISTS (SELECT FROM tandem.cluster
      WHERE node <> ${node} AND NOT died AND NOT draining
        AND COALESCE(report->>'state', 'serving') = 'serving'
        AND extract(epoch FROM clock_timestamp() - renewed) * 1000 <= ${silentMs}));
END $$`;

const drainingSql = `
SELECT FROM tandem.leases
WHERE node = $1 AND draining AND EXISTS (SELECT FROM tandem.nodes WHERE id = $1)`;
