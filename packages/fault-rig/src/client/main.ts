// A client process: a few actors, which make the steps that the rig orders, until it kills them.
import { Journal } from '../history/journal.ts';
import { Actor } from './actor.ts';
import { cleanUp } from './clean-up.ts';
import type { ActorOrder, ClientOrders, FromClient, ToClient } from './protocol.ts';

let stop = new AbortController();

process.on('message', (message: ToClient) => {
  if (message.kind === 'stop') stop.abort();
  else if (message.kind === 'prepare') prepare();
  else if (message.kind === 'leave') process.exit();
  else void run(message);
});
// Without the rig the process has no work, and nothing else would stop it.
process.on('disconnect', () => process.exit());

function prepare(): void {
  // A stop may have come when the last orders were finished.
  stop = new AbortController();
  say({ troubles: [] });
}

async function run(orders: ClientOrders): Promise<void> {
  const journal = new Journal(orders.journalPath);
  const troubles = await Promise.all(orders.actors.map((order) => play(order, orders, journal)));
  journal.close();
  say({ troubles: troubles.flat() });
}

async function play(order: ActorOrder, orders: ClientOrders, journal: Journal): Promise<string[]> {
  const actor = new Actor(order, journal, stop.signal);
  await actor.run(orders.startedAtMs, orders.durationMs);
  const troubles: string[] = [];
  for (const left of order.cleansUp) {
    const trouble = await cleanUp(actor, left);
    if (trouble !== undefined) troubles.push(trouble);
  }
  await actor.leave();
  return troubles;
}

function say(message: FromClient): void {
  process.send?.(message);
}
