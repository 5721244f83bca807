import type { Attacker } from '../../attacker/attacker.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import { dataFrame, field, grpcMessage } from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

const watchesPerConnection = 900;
const watchMs = 100;
const reflection = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
// file_containing_symbol and list_services of a ServerReflectionRequest.
const symbolField = 4;
const listField = 7;

async function watchNames(attacker: Attacker): Promise<void> {
  let names = 0;
  await keepHttp2(attacker, { times: attacker.share(8) }, async (connection) => {
    for (let i = 0; i < watchesPerConnection && connection.isOpen; i++) {
      const name = `watched-${'x'.repeat(80)}-${attacker.order.part}-${names++}`;
      await connection.call('/grpc.health.v1.Health/Watch', field(1, name), true);
    }
    await attacker.pause(watchMs);
    connection.reset();
  });
}

async function reflect(attacker: Attacker, windowBytes: number): Promise<void> {
  const requests = Array.from({ length: 20 }, (_, i) =>
    i % 2 === 0 ? field(symbolField, 'MessageService') : field(listField, '*'),
  );
  const messages = Buffer.concat(requests.map((request) => grpcMessage(request)));
  await keepHttp2(attacker, { times: attacker.share(8), windowBytes }, async (connection) => {
    for (let i = 0; i < watchesPerConnection && connection.isOpen && !attacker.isOver; i++) {
      const stream = await connection.open(reflection);
      await connection.write(dataFrame(stream, messages));
    }
    await attacker.pause(watchMs);
    connection.reset();
  });
}

/** Attacks on health and reflection. */
export const discovery: readonly Attack[] = [
  {
    name: 'health-watch',
    family: 'calls',
    does: 'the health of services that do not exist is watched, each name once',
    heldBy: 'names that are not served are answered and forgotten',
    run: watchNames,
  },
  {
    name: 'reflection-flood',
    family: 'calls',
    does: 'reflection is asked for everything, on 900 streams a connection',
    heldBy: 'it is read from only as its responses leave',
    run: (attacker) => reflect(attacker, 65_535),
  },
  {
    name: 'reflection-unread',
    family: 'calls',
    does: 'the same, and no response is taken',
    heldBy: 'it is read from only as its responses leave',
    run: (attacker) => reflect(attacker, 0),
  },
];
