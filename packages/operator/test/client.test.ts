import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { askOperator } from '../src/commands/client.ts';

/** Starts a program that answers every request so; returns how to ask it. */
async function otherProgram(answer: (response: ServerResponse) => void) {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return () => askOperator({ host: '127.0.0.1', port, token: 'token' }, 'stats', {}, 'ann');
}

it('gives up a response without an end', async () => {
  const block = Buffer.alloc(1024 * 1024);
  const ask = await otherProgram((response) => {
    const write = () => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', write);
    write();
  });
  await expect(ask()).rejects.toThrow('its response is too long for a Tandem server');
});

it.each(['', 'hello', '[]', '"result"', '{"other":1}'])(
  'says that %j is not the response of a server of ours',
  async (text) => {
    const ask = await otherProgram((response) => void response.end(text));
    expect(await ask()).toEqual({ refused: expect.stringContaining('is not a Tandem server') });
  },
);
