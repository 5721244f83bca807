import { fileURLToPath } from 'node:url';
import { AskedProcess } from '../../asked-process.ts';
import { withTimeout } from '../../timeout.ts';
import type {
  AttackCounts,
  AttackerOrder,
  FromAttacker,
  ToAttacker,
} from '../attacker/protocol.ts';

const main = fileURLToPath(new URL('../attacker/main.ts', import.meta.url));
// An attacker reports a little after its end; much later on a busy machine, where others have priority.
const patienceMs = 30_000;

/** The processes of one attack. */
export class Attackers {
  readonly #forMs: number;
  readonly #processes: readonly AskedProcess<ToAttacker, FromAttacker>[];

  private constructor(forMs: number, processes: readonly AskedProcess<ToAttacker, FromAttacker>[]) {
    this.#forMs = forMs;
    this.#processes = processes;
  }

  /** Resolves when all are ready to attack. */
  static async start(
    order: Omit<AttackerOrder, 'part'>,
    launcher: readonly string[],
  ): Promise<Attackers> {
    const processes = Array.from(
      { length: order.parts },
      () => new AskedProcess<ToAttacker, FromAttacker>(main, launcher),
    );
    const attackers = new Attackers(order.forMs, processes);
    const ready = await Promise.all(
      processes.map((process, part) => process.ask({ kind: 'prepare', order: { ...order, part } })),
    );
    if (ready.includes(undefined)) {
      await attackers.kill();
      throw new Error(`an attacker did not start:\n${processes.map(({ log }) => log).join('')}`);
    }
    return attackers;
  }

  /** Attacks. Resolves with the results when the processes are gone. */
  async attack(): Promise<AttackCounts> {
    const replies = Promise.all(this.#processes.map((process) => process.ask({ kind: 'attack' })));
    const counts = await withTimeout(replies, this.#forMs + patienceMs);
    await this.kill();
    return sumOf((counts ?? []).map((reply) => reply?.counts ?? {}));
  }

  /** Ends the attack early. */
  stop(): void {
    for (const process of this.#processes) process.tell({ kind: 'stop' });
  }

  /** Resolves when they are gone. May be called twice. */
  async kill(): Promise<void> {
    for (const process of this.#processes) process.kill();
    await Promise.all(this.#processes.map(({ ended }) => ended));
  }
}

function sumOf(all: readonly AttackCounts[]): AttackCounts {
  const sum: Record<string, number> = {};
  for (const counts of all) {
    for (const [what, count] of Object.entries(counts)) sum[what] = (sum[what] ?? 0) + count;
  }
  return sum;
}
