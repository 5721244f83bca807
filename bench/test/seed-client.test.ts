import { ChatService, MemoryStore } from '@tandem/chat';
import { describeChatClient, type HarnessLimits } from '@tandem/conformance';
import type { ChatClient } from '@tandem/core';
import { TcpProxy } from '@tandem/proxy';
import { startSocketServer } from '@tandem/socket-server';
import pino from 'pino';
import { connectSeedClient } from '../src/lanes/seed/exchange.ts';

const host = '127.0.0.1';

const noAcknowledgement =
  'without acknowledgements, what the server’s kernel accepted is taken [P-7.5]';
const noPages = 'a list longer than a read is cut, and says neither its length nor its end [P-7.3]';
const fewerStatuses = '28, 120, 121 and 122 cannot be told from other failures [P-7.4]';

const doesNotApply = {
  'login while logged in is 121, and the session goes on': fewerStatuses,
  'calls that overlap take effect in their order': `${fewerStatuses}; ${noAcknowledgement}`,
  'a message to a full mailbox is 28, until its user has taken some': fewerStatuses,
  'a mailbox counts right while its user takes and others send': noAcknowledgement,
  'when a client is killed, its user can log in again, and finds unread, in order, what was not taken':
    noAcknowledgement,
  'what was not taken is unread at the next login, the message in hand included': noAcknowledgement,
  'what was taken right before a logout or a close is gone': noAcknowledgement,
  'a message that a consumer breaks on is put back': noAcknowledgement,
  'a message whose consumer throws is unread': noAcknowledgement,
  'nothing of an earlier session leaks into the next': noAcknowledgement,
  'counts begin anew with each login on a client': noAcknowledgement,
  'what waited for the window is unread when the session ends': noAcknowledgement,
  'of 10,000 usernames of 50 characters finds all, of 10,001 the first 10,000, cut with 19':
    noPages,
  'a thousand unread messages arrive at login, all and in order': noPages,
  'messages that come right after a login come after those that were unread': noPages,
};

describeChatClient('in the seed dialect', { start, knowsIdentity: false, doesNotApply });

async function start(limits: HarnessLimits) {
  const service = await ChatService.open({ store: new MemoryStore(), limits });
  const logger = pino({ level: 'silent' });
  const server = await startSocketServer({ service, host, port: 0, logger });
  const proxies = new Map<ChatClient, TcpProxy>();
  return {
    async connect() {
      const proxy = await TcpProxy.open({ host, port: server.port });
      const client = await connectSeedClient({ host, port: proxy.port });
      proxies.set(client, proxy);
      return client;
    },
    async kill(client: ChatClient) {
      const proxy = proxies.get(client);
      proxy?.setFaults({ refuseConnections: true });
      proxy?.reset();
    },
    async stop() {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
      await server.stop();
      await service.close();
    },
  };
}
