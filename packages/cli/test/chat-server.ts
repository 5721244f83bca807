import { ChatService, MemoryStore } from '@tandem/chat';
import type { ChatClient } from '@tandem/core';
import { startGrpcServer } from '@tandem/grpc-server';
import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import { pino } from 'pino';

/** A server in this process, and clients of it that tests speak through. */
export interface ChatServer {
  /** The port of the socket server. */
  readonly port: number;
  /** The port of the gRPC server. */
  readonly grpcPort: number;
  /** A client that is logged in, its account made. */
  friend(username: string): Promise<ChatClient>;
  /** The number of messages that were acknowledged so far. */
  readonly acknowledged: number;
  /** Resolves when so many messages were acknowledged. */
  untilAcknowledged(count: number): Promise<void>;
  /** Resolves when nobody is logged in as this user: the login that shows it is over again too. */
  untilLoggedOut(username: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server on ports of its own; accounts and messages live as long as it does. */
export async function startChatServer(): Promise<ChatServer> {
  const service = await ChatService.open({ store: new MemoryStore() });
  const logger = pino({ level: 'silent' });
  const place = { service, host: '127.0.0.1', port: 0, logger };
  const server = await startSocketServer(place);
  const grpcServer = await startGrpcServer(place);
  const clients: ChatClient[] = [];

  const connect = async () => {
    const client = await connectSocketClient({ host: server.host, port: server.port });
    clients.push(client);
    return client;
  };
  return {
    port: server.port,
    grpcPort: grpcServer.port,
    async friend(username) {
      const client = await connect();
      await client.register(username);
      await client.login(username);
      return client;
    },
    get acknowledged() {
      return service.messageCounts.acknowledged;
    },
    async untilAcknowledged(count) {
      while (service.messageCounts.acknowledged < count) await new Promise(setImmediate);
    },
    async untilLoggedOut(username) {
      const client = await connect();
      while (!('unread' in (await client.login(username))));
      await client.close();
    },
    async stop() {
      await Promise.all(clients.map((client) => client.close()));
      await Promise.all([server.stop(), grpcServer.stop()]);
    },
  };
}
