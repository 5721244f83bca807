// A client process: a few actors, which make the steps that the rig orders, until it kills them.
import { Journal } from '../history/journal.ts';
import { Actor } from './actor.ts';
import { cleanUp } from './clean-up.ts';
import type { ActorOrder, ClientOrders, FromClient, ToClient } from './protocol.ts';

const stop = new AbortController();

process.on('message', (message: ToClient) => {
  if (message.kind === 'stop') stop.abort();
  else void run(message);
});
// Without the rig the process has no work, and nothing else would stop it.
process.on('disconnect', () => process.exit());
say({ kind: 'ready' });

async function run(orders: ClientOrders): Promise<void> {
  const journal = new Journal(orders.journalPath);
  const troubles = await Promise.all(orders.actors.map((order) => play(order, orders, journal)));
  say({ kind: 'done', troubles: troubles.flat() }, () => process.exit());
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

function say(message: FromClient, onSaid = () => {}): void {
  process.send?.(message, onSaid);
}
