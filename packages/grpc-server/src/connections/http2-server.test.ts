import { once } from 'node:events';
import { createServer } from 'node:http2';
import { expect, test } from 'vitest';
import { http2ClientOf } from '../../test/http2-client.ts';
import { keepStreamsApart } from './http2-server.ts';

test('the streams of a session are kept in a map that lets go, in this version of Node.js', async () => {
  const server = createServer();
  const kept: boolean[] = [];
  server.on('session', (session) => {
    kept.push(keepStreamsApart(session), keepStreamsApart(session));
  });
  server.on('stream', (stream) => stream.respond({ ':status': 204 }, { endStream: true }));
  const client = await http2ClientOf(server);
  // Later streams take the places of earlier ones.
  for (let round = 0; round < 10; round++) {
    const requests = Array.from({ length: 20 }, () => client.request({ ':path': '/' }).resume());
    await Promise.all(requests.map((request) => once(request, 'close')));
    expect(requests.map(({ rstCode }) => rstCode)).toEqual(requests.map(() => 0));
  }
  // The second time there is no map of Node's any more.
  expect(kept).toEqual([true, false]);
  const open = client.request({ ':path': '/' });
  await once(open, 'response');
  client.close();
  await once(client, 'close');
});
