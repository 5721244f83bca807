import { Operation } from '@tandem/core';
import type { WireLedger } from '../ledger.ts';

/** The lanes with a client of 2023, and the reason why it says nothing that came later. */
export const reasonsOf2023: Readonly<Record<string, string>> = {
  'sockets-seed':
    'The seed dialect has the operations of 2023 alone, 1 to 6 [P-7.2]; it has no byte for another one.',
  'grpc-seed': 'The stub makes the calls of 2023 alone; its contract has no others.',
};

/** Returns the reason why a lane with a chat has no such operation; undefined where it has one. */
export function absence(lane: string, operation: string): string | undefined {
  const code = Object.entries(Operation).find(([name]) => name === operation)?.[1] ?? 0;
  return code > Operation.acknowledge ? reasonsOf2023[lane] : undefined;
}

/** Says, in sentences, which operations of a ledger some of its lanes do not have, and why. */
export function absences({ entries }: WireLedger): string[] {
  const lanes = [...new Set(entries.map(({ lane }) => lane))];
  const operations = [...new Set(entries.map(({ operation }) => operation))];
  return lanes.flatMap((lane) => {
    const missing = operations.filter((operation) => absence(lane, operation) !== undefined);
    const reason = reasonsOf2023[lane];
    return missing.length === 0 ? [] : [`${lane} has no ${missing.join(', ')}. ${reason}`];
  });
}
