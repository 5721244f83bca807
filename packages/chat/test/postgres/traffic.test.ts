import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaSteps } from '../../src/postgres/schema/version.ts';
import {
  type StepOutcome,
  Traffic,
  type TrafficWrite,
} from '../../src/postgres/traffic/traffic.ts';
import { hasPostgres, TestCluster } from './cluster.ts';

const mailboxMax = 3;
const names = ['Ann', 'bob', 'eve', 'null', 'zoe'];
const strangers = ['Bob', 'nobody'];
// The node that has the session of each.
const nodes = [1, 1, 1, 2, null];

const sends = fc.record({
  sender: fc.nat(names.length - 1),
  recipient: fc.constantFrom(...names, ...strangers),
  body: fc.oneof(
    fc.string({ unit: 'grapheme-ascii' }),
    fc.constantFrom('NULL', '{"\\', ',', ' x '),
  ),
  isOfOtherSession: fc.nat(9).map((n) => n === 0),
  over: fc.nat(4).map((n) => n === 0),
});
const taken = fc.record({
  taker: fc.nat(names.length - 1),
  messages: fc.integer({ min: -1, max: 4 }),
  isOfOtherSession: fc.nat(9).map((n) => n === 0),
});
const traffic = fc.record({
  sends: fc.array(sends, { maxLength: 12 }),
  taken: fc.uniqueArray(taken, { selector: ({ taker }) => taker, maxLength: 5 }),
});
type Batch = typeof traffic extends fc.Arbitrary<infer Value> ? Value : never;

const otherSession = 99;

/** The rules for the same accounts, each with all messages that ever came. */
class Model {
  readonly #accounts = names.map((name, i) => ({
    name,
    node: nodes[i] as number | null,
    taken: 0,
    messages: [] as { readonly sender: string; readonly body: string }[],
  }));

  /** Carries out traffic: acknowledgements first, then sends. Returns the outcomes of sends, then of the others. */
  carryOut({ sends, taken }: Batch): unknown[] {
    const removed = taken.map(({ taker, messages, isOfOtherSession }) => {
      const account = this.#accounts[taker];
      if (account === undefined || isOfOtherSession || account.node === 2) return 'ended';
      const before = account.taken;
      account.taken = Math.max(before, Math.min(before + messages, account.messages.length));
      return account.taken - before;
    });
    return [...sends.map((send) => this.#send(send)), ...removed];
  }

  #send({ sender, recipient, body, isOfOtherSession, over }: Batch['sends'][number]): unknown {
    const from = this.#accounts[sender];
    if (isOfOtherSession || from?.node !== 1) return 120;
    const session = names.indexOf(recipient) + 1;
    const to = this.#accounts[session - 1];
    if (to === undefined || (recipient === 'bob' && from.name === 'eve')) return 26;
    if (to.messages.length - to.taken >= mailboxMax) return 28;
    if (over) return 123;
    to.messages.push({ sender: from.name, body });
    return to.node === null ? 25 : [24, to.messages.length, to.node, session];
  }

  state(): unknown {
    return this.#accounts.map(({ name, taken, messages }) => ({
      username: name,
      last: messages.length,
      taken,
      messages: messages.slice(taken).map((message, i) => ({ seq: taken + i + 1, ...message })),
    }));
  }
}

/** A database with accounts of all kinds, and a node that has some of their sessions. */
class Side {
  readonly client: pg.Client;
  constructor(client: pg.Client) {
    this.client = client;
  }

  async fill(): Promise<void> {
    await this.client.query(`
      TRUNCATE tandem.nodes, tandem.accounts, tandem.messages, tandem.blocks;
      INSERT INTO tandem.nodes (id, name) OVERRIDING SYSTEM VALUE VALUES (1, 'this'), (2, 'other');
      INSERT INTO tandem.accounts (username, id, session_node, session_no) VALUES
        ('Ann', 11, 1, 1), ('bob', 12, 1, 2), ('eve', 13, 1, 3), ('null', 14, 2, 4), ('zoe', 15, NULL, 5);
      INSERT INTO tandem.blocks VALUES (12, 'eve')`);
  }

  async state(): Promise<unknown> {
    const { rows } = await this.client.query(`
      SELECT username, last_seq::int AS last, taken_seq::int AS taken, COALESCE((
        SELECT json_agg(json_build_object('seq', seq, 'sender', sender, 'body', body) ORDER BY seq) FROM (
          SELECT seq, sender, body FROM tandem.messages WHERE recipient = id
          UNION ALL SELECT first_seq, first_sender, first_body WHERE first_seq > taken_seq
        ) m
      ), '[]') AS messages
      FROM tandem.accounts ORDER BY username`);
    return rows;
  }

  /** Carries out traffic, and returns what is told; a batch alone, or together with another step. */
  async carryOut({ sends, taken }: Batch, alone: boolean): Promise<unknown[]> {
    const part = new Traffic();
    const told: Promise<unknown>[] = [];
    const add = (make: (resolve: (outcome: never) => void) => object) =>
      told.push(
        new Promise((resolve) => {
          const reject = () => resolve('ended');
          part.add({ ...make(resolve), reject } as unknown as TrafficWrite);
        }),
      );
    for (const { sender, recipient, body, isOfOtherSession, over } of sends) {
      const session = isOfOtherSession ? otherSession : sender + 1;
      const send = { sender: names[sender] as string, session, recipient, body, over };
      add((resolve) => ({
        send,
        resolve: ([status, id, node, number]: StepOutcome) =>
          (resolve as (outcome: unknown) => void)(
            status === 24 ? [status, id, node, number] : status,
          ),
      }));
    }
    const { rows } = await this.client.query<{ username: string; taken: number }>(
      'SELECT username, taken_seq::float8 AS taken FROM tandem.accounts',
    );
    for (const { taker, messages, isOfOtherSession } of taken) {
      const username = names[taker] as string;
      const through = (rows.find((row) => row.username === username)?.taken ?? 0) + messages;
      const session = isOfOtherSession ? otherSession : taker + 1;
      add((resolve) => ({ acknowledgement: { username, session, through }, resolve }));
    }
    const changed = [
      ...new Set([
        ...sends.map(({ recipient }) => recipient),
        ...taken.map(({ taker }) => names[taker] as string),
      ]),
    ].sort();
    if (alone) {
      const { rows } = await this.client.query(part.query(1, changed, mailboxMax));
      part.tell(rows[0].outcomes);
    } else {
      const { rows } = await this.client.query(
        'SELECT tandem.carry_out(1, $1, $2, $3, $4) AS outcomes',
        [changed, [], JSON.stringify([part.step(changed)]), mailboxMax],
      );
      part.tell(rows[0].outcomes[0]);
    }
    return Promise.all(told);
  }
}

describe.skipIf(!hasPostgres)('a batch of sends and acknowledgements', () => {
  let cluster: TestCluster;
  let side: Side;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    const schema = `CREATE SCHEMA tandem; ${schemaSteps.join('')}`;
    const client = await cluster.connect(await cluster.newDatabase());
    await client.query(schema);
    side = new Side(client);
  });
  afterAll(async () => {
    await side?.client.end();
    await cluster?.end();
  });

  it('does what the rules say, alone and among other steps', async () => {
    const batches = fc.array(fc.tuple(traffic, fc.boolean()), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(batches, async (batches) => {
        const model = new Model();
        await side.fill();
        for (const [batch, alone] of batches) {
          expect(await side.carryOut(batch, alone)).toEqual(model.carryOut(batch));
        }
        expect(await side.state()).toEqual(model.state());
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['the end of the session', { do: 'end', session: 2, forget: false }],
    ['a kick', { do: 'kick' }],
    ['a reset of the secret', { do: 'reset', secret: 'x' }],
    ['the burial of the node', undefined],
  ])('is with the account of a user who may take it at once, until %s', async (_name, step) => {
    await side.fill();
    const send = { sender: 0, recipient: 'bob', isOfOtherSession: false, over: false };
    const told = await side.carryOut(
      { sends: ['first', 'second'].map((body) => ({ ...send, body })), taken: [] },
      true,
    );
    expect(told).toEqual([24, 24].map((status, i) => [status, i + 1, 1, 2]));
    const rows = async () =>
      (await side.client.query('SELECT seq::int, sender, body FROM tandem.messages ORDER BY seq'))
        .rows;
    const [first, second] = ['first', 'second'].map((body, i) => ({
      seq: i + 1,
      sender: 'Ann',
      body,
    }));
    expect(await rows()).toEqual([second]);
    if (step === undefined) await side.client.query("SELECT tandem.bury(1, '')");
    else {
      const steps = JSON.stringify([{ ...step, username: 'bob' }]);
      await side.client.query("SELECT tandem.carry_out(1, '{bob}', '{}', $1, 9)", [steps]);
    }
    expect(await rows()).toEqual([first, second]);
    const left =
      'SELECT FROM tandem.accounts WHERE first_seq IS NOT NULL OR first_body IS NOT NULL';
    expect((await side.client.query(left)).rowCount).toBe(0);
  });

  it('finds nobody who was deleted before it in its batch', async () => {
    await side.fill();
    const part = new Traffic();
    const told: unknown[] = [];
    const asked = {
      resolve: (outcome: unknown) => told.push(outcome),
      reject: () => told.push('ended'),
    };
    const send = { sender: 'Ann', session: 1, recipient: 'bob', body: 'x', over: false };
    part.add({ send, ...asked });
    part.add({ acknowledgement: { username: 'bob', session: 2, through: 1 }, ...asked });
    const steps = [{ do: 'delete', username: 'bob', session: 2 }, part.step(['bob'])];
    const { rows } = await side.client.query(
      "SELECT tandem.carry_out(1, '{bob}', '{}', $1, 9) AS outcomes",
      [JSON.stringify(steps)],
    );
    part.tell(rows[0].outcomes[1]);
    expect(told).toEqual([[26, null, null, null], 'ended']);
  });

  it('finds accounts, blocks and messages by keys, however many PostgreSQL knows of', async () => {
    const { client } = side;
    await side.fill();
    await client.query(`
      INSERT INTO tandem.accounts (username, id, last_seq, session_node, session_no)
        SELECT 'u' || i, i, 1, 1, i FROM generate_series(100, 2000) i;
      INSERT INTO tandem.blocks SELECT i, 'x' FROM generate_series(100, 2000) i;
      INSERT INTO tandem.messages SELECT i, 1, 'x', 'x' FROM generate_series(100, 2000) i;
      ANALYZE tandem.accounts, tandem.blocks, tandem.messages`);
    // As a node has it.
    await client.query(
      'BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan',
    );
    const part = new Traffic();
    const told: unknown[] = [];
    const asked = { resolve: (outcome: unknown) => told.push(outcome), reject() {} };
    const send = { sender: 'u100', session: 100, recipient: 'u200', body: 'x', over: false };
    part.add({ send, ...asked });
    part.add({ acknowledgement: { username: 'u300', session: 300, through: 1 }, ...asked });
    const readSoFar = async () => {
      const counted = await client.query(
        `SELECT sum(seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_xact_user_tables
         WHERE schemaname = 'tandem'`,
      );
      return counted.rows[0].read;
    };
    const before = await readSoFar();
    const { rows } = await client.query(part.query(1, ['u200', 'u300'], mailboxMax));
    const read = (await readSoFar()) - before;
    part.tell(rows[0].outcomes);
    expect(told).toEqual([[24, 2, 1, 200], 1]);
    await client.query('ROLLBACK');
    expect(read).toBeLessThan(20);
  });

  it('goes on behind a batch of another node that has moved the row meanwhile', async () => {
    await side.fill();
    const url = side.client;
    const other = await cluster.connect(url.database as string);
    const send = (body: string): Batch => ({
      sends: [{ sender: 0, recipient: 'zoe', body, isOfOtherSession: false, over: false }],
      taken: [],
    });
    await other.query('BEGIN');
    await new Side(other).carryOut(send('first'), true);
    const second = side.carryOut(send('second'), true);
    const waits =
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while ((await other.query(waits)).rowCount === 0);
    await other.query('COMMIT');
    await other.end();
    expect(await second).toEqual([25]);
    const { rows } = await side.client.query(
      'SELECT seq::int, body FROM tandem.messages ORDER BY seq',
    );
    expect(rows).toEqual([
      { seq: 1, body: 'first' },
      { seq: 2, body: 'second' },
    ]);
    expect(await side.carryOut(send('third'), true)).toEqual([25]);
  });
});
