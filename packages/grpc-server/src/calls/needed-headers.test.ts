import { once } from 'node:events';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { Metadata } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { http2ClientOf } from '../../test/http2-client.ts';
import { forgetOrigin, neededHeaders } from './needed-headers.ts';

it('are those that are read: others become no metadata', () => {
  const needed = {
    'content-type': 'application/grpc',
    'grpc-timeout': '10S',
    authorization: 'Bearer 1',
    'batch-frames-max': '64',
  };
  const others = { ':authority': 'x', host: 'x', 'user-agent': 'x', 'x-a': 'x', 'x-b-bin': ',,' };
  const headers = neededHeaders({ ':path': '/', ...needed, ...others });
  expect(headers[':path']).toBe('/');
  expect(Metadata.fromHttp2Headers(headers).getMap()).toEqual(needed);
});

it('are missing where the call has none', () => {
  expect(Metadata.fromHttp2Headers(neededHeaders({})).getMap()).toEqual({});
});

it('have the first 256 characters of a long value', () => {
  const contentType = `application/grpc;${'x'.repeat(239)}`;
  const headers = neededHeaders({
    'content-type': `${contentType}y`,
    authorization: 'z'.repeat(256),
  });
  expect(headers).toMatchObject({ 'content-type': contentType, authorization: 'z'.repeat(256) });
});

it('have no timeout that is longer than a timer of Node.js, and any other', () => {
  const timeoutOf = (timeout: string) => neededHeaders({ 'grpc-timeout': timeout })['grpc-timeout'];
  expect(['99999999H', '597H', '2147484S'].map(timeoutOf)).toEqual(Array(3).fill(undefined));
  const others = ['596H', '2147483S', '99999999m', '', 'none'];
  expect(others.map(timeoutOf)).toEqual(others);
});

it('are all that a stream refers to, in this version of Node.js', async () => {
  const server = createServer();
  const client = await http2ClientOf(server);
  const origin = { ':authority': 'an-authority', ':scheme': 'a-scheme' };
  const request = client.request({ ':path': '/', ...origin }).resume();
  const [stream] = (await once(server, 'stream')) as [ServerHttp2Stream];
  const kept = () =>
    Object.getOwnPropertySymbols(stream)
      .map((key) => (stream as unknown as Record<symbol, unknown>)[key])
      .filter((part) => Object.values(origin).includes(part as string));
  expect(kept()).toHaveLength(2);
  forgetOrigin(stream);
  expect(kept()).toEqual([]);
  stream.respond({ ':status': 204 }, { endStream: true });
  await once(request, 'close');
});
