import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TcpProxy } from '@tandem/proxy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { key, startChatAs, type Wire } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { newDirectory } from './data-directory.ts';

let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.stop());

/** A chat of alice behind a proxy, whose account has a secret. */
async function startBehindProxy(wire: Wire, withSecret = true) {
  const port = wire === 'socket' ? server.port : server.grpcPort;
  const proxy = await TcpProxy.open({ host: '127.0.0.1', port });
  const file = join(newDirectory(), 'secret');
  writeFileSync(file, 'correct horse\n');
  const environment = withSecret ? { TANDEM_SECRET_FILE: file } : {};
  const chat = await startChatAs('alice', proxy.port, { wire, environment, columns: 200 });
  return { chat, proxy };
}

describe.each<Wire>(['socket', 'converse', 'unary'])('a lost connection over %s', (wire) => {
  it.each([true, false])(
    'is made again at a key, with the line that was typed, the session and what came meanwhile (secret: %s)',
    async (withSecret) => {
      const bob = await server.friend('bob');
      const { chat, proxy } = await startBehindProxy(wire, withSecret);
      const { acknowledged } = server;
      await bob.send('alice', 'before');
      await chat.untilLine('<- bob: before');
      // Until it is acknowledged, it would come again.
      await server.untilAcknowledged(acknowledged + 1);
      chat.type('send bob hal');
      await chat.untilLastLine('alice> send bob hal');

      proxy.setFaults({ refuseConnections: true });
      proxy.cut();
      await chat.untilLastLine('alice, no connection> send bob hal');
      expect(chat.lines().join(' ')).toContain('the connection is lost: ');
      if (!withSecret) await server.untilLoggedOut('alice');
      await bob.send('alice', 'meanwhile');
      proxy.setFaults({});
      chat.type('f');
      await chat.untilLastLine('alice> send bob half');
      await chat.untilLine('<- bob: meanwhile');
      chat.type(key.enter);
      await chat.untilLine('delivered to bob');
      expect((await bob.messages.next()).value?.body).toBe('half');
      const came = chat.lines().filter((each) => each.startsWith('<- bob: '));
      expect(came).toEqual(['<- bob: before', '<- bob: meanwhile']);

      chat.type(key.interrupt);
      expect(await chat.exited).toBe(130);
      await proxy.close();
    },
  );

  it('leaves a send that was not answered in doubt, and does not send it again', async () => {
    const bob = await server.friend('bob');
    const { chat, proxy } = await startBehindProxy(wire);
    proxy.setFaults({ toServer: { stalled: true } });
    chat.type(`send bob lost${key.enter}`);
    await chat.until(
      (lines) => lines.includes('alice> send bob lost') && lines.at(-1) === 'alice>',
    );
    proxy.reset();
    const doubt = 'in doubt: "lost" was sent to bob and not answered; it may have arrived or not';
    await chat.until((lines) => lines.join('').includes(doubt));
    proxy.setFaults({});
    chat.type(' ');
    await chat.until((lines) => lines.at(-1)?.trim() === 'alice>');
    chat.type(`${key.eraseLine}send bob kept${key.enter}`);
    await chat.untilLine('delivered to bob');
    expect((await bob.messages.next()).value?.body).toBe('kept');
    chat.type(key.interrupt);
    await chat.exited;
    await proxy.close();
  });
});

describe('a lost connection', () => {
  it('is tried again without a key, and by a line where the terminal edits it', async () => {
    const { chat, proxy } = await startBehindProxy('socket');
    proxy.cut();
    await chat.until((lines) => lines.join('').includes('the connection is lost: '));
    await chat.until(
      (lines) => lines.filter((line) => line.startsWith('logged in as')).length === 2,
    );
    chat.type(`quit${key.enter}`);
    expect(await chat.exited).toBe(0);
    await proxy.close();
  });

  it('can be left', async () => {
    const { chat, proxy } = await startBehindProxy('socket');
    await proxy.close();
    await chat.untilLastLine('alice, no connection>');
    chat.type(`quit${key.enter}`);
    expect(await chat.exited).toBe(0);
  });
});
