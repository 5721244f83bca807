// An honest client in a process of its own, so that only the server and the machine can make it wait.
import { HonestClient } from './honest-client.ts';
import type { FromHonest, ToHonest } from './protocol.ts';

let client: HonestClient | undefined;
let last = Promise.resolve();

process.on('message', (message: ToHonest) => {
  last = last.then(() => answer(message));
});
process.on('disconnect', () => process.exit());

async function answer(message: ToHonest): Promise<void> {
  if (message.kind === 'start') {
    client = new HonestClient(message.order);
    await client.start();
    say({});
  } else if (message.kind === 'measure') {
    client?.measure();
    say({});
  } else if (message.kind === 'collect') {
    say({ record: await client?.collect() });
  } else {
    say({ troubles: await client?.leave() }, () => process.exit());
  }
}

function say(message: FromHonest, onSaid = () => {}): void {
  process.send?.(message, onSaid);
}
