import { type ChatClient, usernameCharsMax } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { guardedName, type Population } from '../attacks/attack.ts';

/** The server on which to make a population, and its size. */
export interface PopulationOptions {
  readonly host: string;
  readonly port: number;
  readonly needs: Required<Population>;
}

/** The user whose mailbox is read only at the end, to check that it is complete. */
const keeper = 'keeper';
const keptMessages = 50;
const preparer = 'preparer';
const bodyOf = (number: number) => `${number} ${'.'.repeat(250)}`;

/** The accounts that attackers log in to and send to. */
export function victimNames({ victims }: Required<Population>): string[] {
  return Array.from({ length: victims }, (_, i) => `victim${i}`);
}

/** Makes the accounts and messages that attacks need, and a mailbox to check at the end. */
export async function populate({ host, port, needs }: PopulationOptions): Promise<void> {
  const client = await connectSocketClient({ host, port });
  try {
    const names = Array.from({ length: needs.names }, (_, i) =>
      `${i}`.padEnd(usernameCharsMax, 'n'),
    );
    const victims = victimNames(needs);
    await all([preparer, keeper, ...victims, ...names], (name) => client.register(name));
    const guarded = Array.from({ length: needs.guarded }, (_, i) => guardedName(i));
    await all(guarded, (name) => client.register(name, 'only its user knows'));
    await client.login(preparer);
    await sendTo(client, keeper, keptMessages);
    for (const victim of victims) await sendTo(client, victim, needs.unread);
  } finally {
    await client.close();
  }
}

/** Returns the differences from what {@link populate} made, in words. */
export async function troublesOfKeeper(host: string, port: number): Promise<string[]> {
  const client = await connectSocketClient({ host, port });
  try {
    const outcome = await client.login(keeper);
    const unread = 'unread' in outcome ? outcome.unread : 0;
    if (unread !== keptMessages) return [`${unread} of ${keptMessages} messages are in a mailbox`];
    for (let number = 0; number < keptMessages; number++) {
      const { value } = await client.messages.next();
      if (value?.body !== bodyOf(number)) return [`message ${number} of a mailbox is another`];
    }
    return [];
  } finally {
    await client.close();
  }
}

async function sendTo(client: ChatClient, recipient: string, count: number): Promise<void> {
  await all(
    Array.from({ length: count }, (_, number) => number),
    (number) => client.send(recipient, bodyOf(number)),
  );
}

/** Makes requests without waiting for their responses, a thousand at a time. */
async function all<Item>(
  items: readonly Item[],
  ask: (item: Item) => Promise<unknown>,
): Promise<void> {
  const atOnce = 1_000;
  for (let i = 0; i < items.length; i += atOnce) {
    await Promise.all(items.slice(i, i + atOnce).map(ask));
  }
}
