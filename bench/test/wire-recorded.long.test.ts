import { describe, it } from 'vitest';
import { loadLane } from '../src/lanes/index.ts';
import { expectAddsUp } from './wire-cuts.ts';
import { play } from './wire-play.ts';

// One for each thing that there is to take apart. In the seed dialect a cut has a meaning, and of an
// echo nothing can be cut.
const names = ['sockets-framed', 'http2-echo', 'grpc-echo', 'grpc-unary', 'grpc-converse'];
const lanes = await Promise.all(names.map(loadLane));

describe.each([
  ['TCP', false],
  ['TLS', true],
])('what was recorded over %s', (_, tls) => {
  it.each(lanes)(
    'adds up however it is cut, and is refused or adds up when damaged, on $name',
    async (lane) => {
      expectAddsUp(lane, await play(lane, tls), tls);
    },
  );
});
