import { SqliteStore } from '@tandem/chat';
import { numberArgument } from '@tandem/command';

const writesUnderWay = 20_000;

/** The number of accounts, for a command. */
export const accountsArgument = numberArgument('[accounts]', 'how many', {
  min: 1,
  max: 5_000_000,
}).default(1_000_000);

/** Fills a data directory with accounts with names of 50 letters, and a message of 64 characters for each. */
export async function fill(directory: string, count: number): Promise<void> {
  const store = await SqliteStore.open({ directory });
  const body = 'x'.repeat(64);
  for (let from = 0; from < count; from += writesUnderWay) {
    const writes: Promise<void>[] = [];
    for (let i = from; i < Math.min(from + writesUnderWay, count); i++) {
      const username = nameOf(i);
      writes.push(store.addAccount(username));
      writes.push(store.addMessage(username, { id: i + 1, sender: nameOf(0), body }));
    }
    await Promise.all(writes);
  }
  await store.close();
}

/** A name of 50 letters, whose neighbours are not those of the number. The divisor is a prime above any count. */
export function nameOf(number: number): string {
  const digits = `${(number * 7_919) % 9_999_991}`.padStart(10, '0');
  return digits.replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string).padEnd(50, 'z');
}
