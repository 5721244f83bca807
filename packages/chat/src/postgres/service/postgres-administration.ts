import { isValidUsername, type RegisterOutcome, Status } from '@tandem/core';
import { type Asker, originOfItsOwn } from '../../scheduling/fair-queue.ts';
import {
  type Administration,
  countSessions,
  type UserSummary,
} from '../../service/administration.ts';
import type { SessionSummary } from '../../service/session.ts';
import type { Node } from './node.ts';

/** The administration of all that is in PostgreSQL, through one of its nodes. */
export class PostgresAdministration implements Administration {
  readonly #node: Node;
  readonly #operator: Asker = { origin: originOfItsOwn(), isGone: () => false };

  constructor(node: Node) {
    this.#node = node;
  }

  async users(
    query: string,
  ): Promise<{ readonly users: readonly UserSummary[]; readonly cut: boolean } | undefined> {
    const found = await this.#node.search(query, this.#operator);
    if (found === undefined) return undefined;
    const users = await this.#node.read<UserSummary>(
      'users',
      usersSql,
      [found.usernames.toArray()],
      { slow: true },
    );
    return { users, cut: found.cut };
  }

  sessions(): SessionSummary[] {
    return this.#node.sessions.map((session) => session.summary());
  }

  countSessions() {
    return countSessions(this.#node.sessions);
  }

  async mailboxSizes(
    bounds: readonly number[],
  ): Promise<{ readonly counts: readonly number[]; readonly messages: number }> {
    const counts = Array<number>(bounds.length + 1).fill(0);
    let messages = 0;
    const above = bounds.map((bound) => bound + 1);
    type Row = { readonly bucket: number; readonly mailboxes: number; readonly messages: number };
    for (const row of await this.#node.read<Row>('sizes', sizesSql, [above], { slow: true })) {
      counts[row.bucket] = row.mailboxes;
      messages += row.messages;
    }
    return { counts, messages };
  }

  async kick(username: string): Promise<boolean> {
    const [kicked, at, session] = await this.#node.carryOut(
      { do: 'kick', username },
      this.#operator.origin,
    );
    this.#node.tellEnd(at, session, 'dismissed');
    return kicked === 1;
  }

  create(username: string, secret?: string): Promise<RegisterOutcome> {
    return this.#node.create(username, secret, this.#operator.origin);
  }

  async delete(username: string): Promise<boolean> {
    const [status, at, session] = await this.#node.carryOut(
      { do: 'remove', username },
      this.#operator.origin,
    );
    this.#node.tellEnd(at, session, 'dismissed');
    return status === Status.deleted;
  }

  async resetSecret(username: string, secret: string | undefined): Promise<Status> {
    const { secrets } = this.#node;
    if (!isValidUsername(username)) return Status.invalidContent;
    if (!(await this.has(username))) return Status.notRegistered;
    const refusal = secrets.refusalOf(username, secret);
    if (refusal !== undefined) return refusal;
    const phc = secret === undefined ? undefined : await secrets.hash(secret, this.#operator);
    if (typeof phc === 'number') return phc;
    const step = { do: 'reset', username, secret: phc } as const;
    const [status, at, session] = await this.#node.carryOut(step, this.#operator.origin);
    this.#node.tellEnd(at, session, 'dismissed');
    return status as Status;
  }

  has(username: string): Promise<boolean> {
    return this.#node.has(username, this.#operator.origin);
  }
}

const usersSql = `
SELECT username, (last_seq - taken_seq)::float8 AS unread,
  session_node IS NOT NULL AS "hasSession", secret IS NOT NULL AS "hasSecret"
FROM tandem.accounts WHERE username = ANY ($1) ORDER BY username`;

const sizesSql = `
SELECT width_bucket(last_seq - taken_seq, $1::bigint[]) AS bucket, count(*)::float8 AS mailboxes,
  sum(last_seq - taken_seq)::float8 AS messages
FROM tandem.accounts GROUP BY 1`;
