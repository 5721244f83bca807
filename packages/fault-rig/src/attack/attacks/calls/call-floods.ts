import type { Attacker } from '../../attacker/attacker.ts';
import { callHeaders } from '../../wire/hpack.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import { dataFrame, field, grpcMessage, headersFrame } from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

const connections = 50;
const callsPerConnection = 1_000;
const search = grpcMessage(field(1, 'nobody'));

/** Makes short calls on each connection, as many at once as are allowed, and a new one for each that ends. */
async function callForever(attacker: Attacker): Promise<void> {
  const headers = callHeaders('/MessageService/Search');
  await keepHttp2(attacker, { times: attacker.share(connections) }, async (connection) => {
    while (connection.isOpen && !attacker.isOver) {
      await connection.callsBelow(callsPerConnection);
      await connection.callWith((stream) => [
        headersFrame(stream, headers),
        dataFrame(stream, search, true),
      ]);
    }
  });
}

/** An attack by more calls than are served. */
export const callFloods: readonly Attack[] = [
  {
    name: 'call-flood',
    family: 'calls',
    does: 'short unary calls on 50 connections, as many at once as they may',
    heldBy:
      'calls that all connections together may begin while none ends, fewer while turns are long',
    processes: 2,
    honest: ['unary send'],
    run: callForever,
  },
];
