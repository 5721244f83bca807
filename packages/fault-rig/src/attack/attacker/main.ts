// An attacker process: makes one attack when it is told to, reports the results, and ends.
import { setPriority } from 'node:os';
import { attacksNamed } from '../attacks/index.ts';
import { Attacker } from './attacker.ts';
import type { FromAttacker, ToAttacker } from './protocol.ts';

// A lower priority than that of the server and the honest clients. On a machine with few cores, an attacker
// would otherwise take their processor time, which is no fault of the server.
const niceness = 10;

let attacker: Attacker | undefined;
let run: () => Promise<void> = async () => {};

setPriority(niceness);
process.on('message', (message: ToAttacker) => {
  if (message.kind === 'stop') attacker?.stop();
  else if (message.kind === 'attack') void attack();
  else prepare(message);
});
process.on('disconnect', () => process.exit());

function prepare({ order }: Extract<ToAttacker, { kind: 'prepare' }>): void {
  const [found] = attacksNamed(order.attack);
  if (found === undefined) throw new Error(`there is no attack ${order.attack}`);
  const attacking = new Attacker(order, found);
  attacker = attacking;
  run = async () => {
    // A process that had no processor for so long hears first of the connections that it has asked for.
    const timer = setTimeout(() => setImmediate(() => attacking.stop()), order.forMs);
    await Promise.race([found.run(attacking), attacking.over]);
    await attacking.over;
    clearTimeout(timer);
  };
  say({ counts: {} });
}

async function attack(): Promise<void> {
  await run();
  say({ counts: attacker?.counts ?? {} }, () => process.exit());
}

function say(message: FromAttacker, onSaid = () => {}): void {
  process.send?.(message, onSaid);
}
