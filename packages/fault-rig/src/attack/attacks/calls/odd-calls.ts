import { gzipSync } from 'node:zlib';
import type { Attacker } from '../../attacker/attacker.ts';
import { callHeaders, literal } from '../../wire/hpack.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import { dataFrame, field, grpcMessage, headersFrame } from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

const callsOpenMax = 500;
const bomb = grpcMessage(gzipSync(Buffer.alloc(4_000_000)), true);
const nobody = grpcMessage(field(1, 'nobody'));

// Some are not timeouts, some are over before they begin, some are longer than any timer.
const timeouts = [
  '',
  '0u',
  '1n',
  '-1S',
  '1',
  'S',
  'abc',
  '99999999H',
  '123456789S',
  '1e9S',
  '١S',
  '1S1S',
];

/** Makes calls on some connections, a new one for each that has its response. */
async function callOn(
  attacker: Attacker,
  frames: (stream: number, which: number) => readonly Buffer[],
): Promise<void> {
  await keepHttp2(attacker, { times: attacker.share(8) }, async (connection) => {
    for (let which = 0; connection.isOpen && !attacker.isOver; which++) {
      await connection.callsBelow(callsOpenMax);
      await connection.callWith((stream) => frames(stream, which));
    }
  });
}

/** Attacks by calls with odd deadlines, compression or names. */
export const oddCalls: readonly Attack[] = [
  {
    name: 'odd-timeouts',
    family: 'calls',
    does: 'calls with a grpc-timeout that is not valid, is over, or is longer than any timer',
    heldBy: 'the calls are refused or go on, and nothing is written outside the log',
    run: (attacker) =>
      callOn(attacker, (stream, which) => {
        const timeout = literal('grpc-timeout', timeouts[which % timeouts.length] ?? '');
        return [
          headersFrame(stream, callHeaders('/MessageService/Login', timeout)),
          dataFrame(stream, nobody, true),
        ];
      }),
  },
  {
    name: 'compressed-bombs',
    family: 'calls',
    does: 'messages of 4 KB that are 4 MB when they are decompressed',
    heldBy: 'a request has at most 4 KiB, decompressed',
    run: (attacker) =>
      callOn(attacker, (stream) => [
        headersFrame(
          stream,
          callHeaders('/MessageService/Login', literal('grpc-encoding', 'gzip')),
        ),
        dataFrame(stream, bomb, true),
      ]),
  },
  {
    name: 'unknown-methods',
    family: 'calls',
    does: 'calls of methods that do not exist, each with another name',
    heldBy: 'they are answered and forgotten',
    run: (attacker) =>
      callOn(attacker, (stream, which) => [
        headersFrame(
          stream,
          callHeaders(`/Service${attacker.order.part}x${which}/Method${stream}`),
        ),
        dataFrame(stream, nobody, true),
      ]),
  },
];
