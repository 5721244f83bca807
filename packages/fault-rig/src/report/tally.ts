import { applied, loggedIn } from '../check/outcome.ts';
import type { FaultKind, Transport } from '../history/event.ts';
import type { History } from '../history/history.ts';

/** The totals of all rounds so far. */
export interface Totals {
  readonly rounds: number;
  /** Requests, by transport and mode. */
  readonly operations: Readonly<Record<Transport, number>>;
  /** Requests without a response. */
  readonly unanswered: number;
  /** Sessions that were resumed on another connection. */
  readonly resumed: number;
  readonly messages: {
    /** Sends that were requested. */
    readonly sent: number;
    /** The number of these with the response 24 or 25. */
    readonly accepted: number;
    /** Messages that a consumer took, each once. */
    readonly delivered: number;
    /** Messages that came again, as their acknowledgement was lost or never sent. */
    readonly again: number;
  };
  /** SIGKILLs. */
  readonly kills: { readonly server: number; readonly clients: number };
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
}

/** Adds up histories. */
export class Tally {
  #rounds = 0;
  readonly #operations: Record<Transport, number> = { framed: 0, converse: 0, unary: 0 };
  #unanswered = 0;
  #resumed = 0;
  #sent = 0;
  #accepted = 0;
  #delivered = 0;
  #again = 0;
  readonly #faults = new Map<FaultKind, number>();

  add({ operations, takings, faults }: History): void {
    this.#rounds++;
    for (const operation of operations) {
      this.#operations[operation.transport]++;
      if (operation.status === undefined) this.#unanswered++;
      if (operation.name === 'resume' && loggedIn(operation)) this.#resumed++;
      if (operation.name === 'send') this.#sent++;
      if (operation.name === 'send' && applied(operation)) this.#accepted++;
    }
    const delivered = new Set(takings.map(({ message }) => message)).size;
    this.#delivered += delivered;
    this.#again += takings.length - delivered;
    for (const { fault } of faults) this.#faults.set(fault, this.#count(fault) + 1);
  }

  get totals(): Totals {
    return {
      rounds: this.#rounds,
      operations: { ...this.#operations },
      unanswered: this.#unanswered,
      resumed: this.#resumed,
      messages: {
        sent: this.#sent,
        accepted: this.#accepted,
        delivered: this.#delivered,
        again: this.#again,
      },
      kills: {
        server:
          this.#count('kill server') +
          this.#count('kill starting server') +
          this.#count('kill node') +
          this.#count('kill database') +
          this.#count('fail database over'),
        clients: this.#count('kill clients'),
      },
      faults: Object.fromEntries([...this.#faults].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  #count(fault: FaultKind): number {
    return this.#faults.get(fault) ?? 0;
  }
}
