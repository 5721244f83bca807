import type pg from 'pg';
import { StoreError } from '../../store/store-error.ts';

/** An outcome of a step: a status, and what belongs to it. */
export type StepOutcome = readonly [status: number, ...details: (number | boolean | null)[]];

/** A message that a session sends. */
export interface Send {
  readonly sender: string;
  /** The session that sends. */
  readonly session: number;
  readonly recipient: string;
  readonly body: string;
  /** True when the sender has enough in mailboxes: refused, if nothing else refuses it. [P-4.12] */
  readonly over: boolean;
}

/** The number of the last message that a session has taken. */
export interface Acknowledgement {
  readonly username: string;
  readonly session: number;
  through: number;
}

type Reject = (error: StoreError) => void;

/** A send or an acknowledgement that waits, and who waits for it. */
export type TrafficWrite = { readonly reject: Reject } & (
  | { readonly send: Send; readonly resolve: (outcome: StepOutcome) => void }
  | { readonly acknowledgement: Acknowledgement; readonly resolve: (removed: number) => void }
);

type SendWrite = Extract<TrafficWrite, { readonly send: Send }>;
type AcknowledgementWrite = Exclude<TrafficWrite, SendWrite>;

/** The outcomes of sends and acknowledgements: an array for each of their parts. */
interface TrafficOutcome {
  readonly removed: readonly number[] | null;
  readonly statuses: readonly number[] | null;
  readonly seqs: readonly (number | null)[] | null;
  readonly nodes: readonly (number | null)[] | null;
  readonly sessions: readonly (number | null)[] | null;
}

/** Sends and acknowledgements that follow one another: between these the order is all the same. */
export class Traffic {
  readonly #sends: SendWrite[] = [];
  readonly #acknowledgements: AcknowledgementWrite[] = [];

  /** Adds a write behind those that came before. */
  add(write: TrafficWrite): void {
    if ('send' in write) this.#sends.push(write);
    else this.#acknowledgements.push(write);
  }

  /**
   * Returns the step of a batch that has others, too.
   *
   * @param names the accounts that the batch changes, in the order of their bytes
   */
  step(names: readonly string[]): unknown {
    return { do: 'traffic', ...this.#fields(names) };
  }

  /**
   * Returns the query of a batch that is this alone. Its arrays are written here: the driver takes ten times as
   * long for them.
   *
   * @param names see {@link step}
   */
  query(node: number, names: readonly string[], mailboxMessagesMax: number): pg.QueryConfig {
    const fields = Object.values(this.#fields(names)).map(arrayOf);
    return {
      name: 'carry-traffic',
      text: trafficSql,
      values: [node, arrayOf(names), ...fields, mailboxMessagesMax],
    };
  }

  /** The fields of all, as and where `tandem.carry_traffic` has them: with the places of names. */
  #fields(names: readonly string[]) {
    const places = new Map(names.map((name, i) => [name, i + 1]));
    const sends = this.#sends.map(({ send }) => send);
    const taken = this.#acknowledgements.map(({ acknowledgement }) => acknowledgement);
    return {
      takers: taken.map(({ username }) => places.get(username)),
      taker_sessions: taken.map(({ session }) => session),
      throughs: taken.map(({ through }) => through),
      senders: sends.map(({ sender }) => sender),
      sender_sessions: sends.map(({ session }) => session),
      recipients: sends.map(({ recipient }) => places.get(recipient)),
      bodies: sends.map(({ body }) => body),
      overs: sends.map(({ over }) => over),
    };
  }

  /** Tells the outcome, of the step or of the query. */
  tell(outcome: unknown): void {
    const { removed, statuses, seqs, nodes, sessions } = outcome as TrafficOutcome;
    for (const [n, { resolve }] of this.#sends.entries()) {
      resolve([
        statuses?.[n] as number,
        seqs?.[n] ?? null,
        nodes?.[n] ?? null,
        sessions?.[n] ?? null,
      ]);
    }
    for (const [n, { resolve, reject }] of this.#acknowledgements.entries()) {
      const count = removed?.[n] as number;
      if (count >= 0) resolve(count);
      else reject(new StoreError('closed', 'the session has ended'));
    }
  }
}

/** Writes values without control characters as an array of PostgreSQL, which escapes texts as JSON does. */
function arrayOf(values: readonly unknown[]): string {
  return `{${JSON.stringify(values).slice(1, -1)}}`;
}

const trafficSql = `
SELECT row_to_json(c) AS outcomes
FROM tandem.carry_traffic($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS c`;
