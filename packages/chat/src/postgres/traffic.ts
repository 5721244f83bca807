import type pg from 'pg';
import { StoreError } from '../store/store-error.ts';

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

/** The outcomes of a batch of sends and acknowledgements alone: an array for each of their parts. */
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

  add(write: TrafficWrite): void {
    if ('send' in write) this.#sends.push(write);
    else this.#acknowledgements.push(write);
  }

  /** The step of a batch that has others, too. */
  get step(): unknown {
    return {
      do: 'traffic',
      sends: this.#sends.map(({ send }, n) => ({ n, ...send })),
      acknowledgements: this.#acknowledgements.map(({ acknowledgement }, n) => ({
        n,
        ...acknowledgement,
      })),
    };
  }

  /** Tells the outcome of the step. */
  readonly tell = (outcome: unknown): void => {
    const [removed, sent] = outcome as readonly [
      readonly number[] | null,
      readonly StepOutcome[] | null,
    ];
    this.#tell(removed, (n) => sent?.[n] as StepOutcome);
  };

  /**
   * Returns the query of a batch that is this alone. Its arrays are written here: the driver takes ten times as
   * long for them.
   *
   * @param names the accounts that it changes, in the order of their bytes
   */
  query(node: number, names: readonly string[], mailboxMessagesMax: number): pg.QueryConfig {
    const places = new Map(names.map((name, i) => [name, i + 1]));
    const sends = this.#sends.map(({ send }) => send);
    const taken = this.#acknowledgements.map(({ acknowledgement }) => acknowledgement);
    return {
      name: 'carry-traffic',
      text: trafficSql,
      values: [
        node,
        textsOf(names),
        `{${taken.map(({ username }) => places.get(username)).join()}}`,
        `{${taken.map(({ session }) => session).join()}}`,
        `{${taken.map(({ through }) => through).join()}}`,
        textsOf(sends.map(({ sender }) => sender)),
        `{${sends.map(({ session }) => session).join()}}`,
        `{${sends.map(({ recipient }) => places.get(recipient)).join()}}`,
        textsOf(sends.map(({ body }) => body)),
        `{${sends.map(({ over }) => over).join()}}`,
        mailboxMessagesMax,
      ],
    };
  }

  /** Tells the outcome of the query. */
  tellAll({ removed, statuses, seqs, nodes, sessions }: TrafficOutcome): void {
    this.#tell(removed, (n) => [
      statuses?.[n] as number,
      seqs?.[n] ?? null,
      nodes?.[n] ?? null,
      sessions?.[n] ?? null,
    ]);
  }

  #tell(removed: readonly number[] | null, outcomeOf: (n: number) => StepOutcome): void {
    for (const [n, { resolve }] of this.#sends.entries()) resolve(outcomeOf(n));
    for (const [n, { resolve, reject }] of this.#acknowledgements.entries()) {
      const count = removed?.[n] as number;
      if (count >= 0) resolve(count);
      else reject(new StoreError('closed', 'the session has ended'));
    }
  }
}

/** Writes texts without control characters as an array of PostgreSQL, which escapes others as JSON does. */
function textsOf(texts: readonly string[]): string {
  return `{${JSON.stringify(texts).slice(1, -1)}}`;
}

const trafficSql = `
SELECT row_to_json(c) AS outcomes
FROM tandem.carry_traffic($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS c`;
