import type { ServerHttp2Stream } from 'node:http2';
import { expect, it } from 'vitest';
import { answerInOneWrite } from './one-write.ts';

it('leaves a stream alone where Node.js has no handle of it', () => {
  const stream = {} as ServerHttp2Stream;
  answerInOneWrite(stream, { size: 1 }, { statusIsDue: false });
  expect(stream).toEqual({});
});
