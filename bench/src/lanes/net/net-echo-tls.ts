import { createServer } from 'node:tls';
import { type ClientTls, tlsConnectOptions } from '@tandem/tls/client';
import { tlsPolicy } from '@tandem/tls/server';
import { listen, listenBacklog } from '../echo/echo-server.ts';
import type { Lane, LaneServer, Target } from '../lane.ts';
import { laneClientTls, laneServerTls, resuming, tlsSettings } from '../tls.ts';
import { EchoClient, lane as plain } from './net-echo.ts';

const protocol = 'tandem/1';

/** The bare echo over TLS: what node:tls adds to bytes there and back. */
export const lane: Lane = {
  ...plain,
  name: 'net-echo-tls',
  title: 'bare TLS echo',
  description: 'As net-echo, over TLS 1.3: sockets of node:tls, and a write for each message.',
  baselines: ['net-echo'],
  settings: {
    ...plain.settings,
    otherOptions: `${tlsSettings}; listen backlog ${listenBacklog}; a promise for each operation`,
  },
  startServer: startTlsEcho,
  connect: async (target) => connect(target, await laneClientTls()),
  resume: resuming(connect),
};

function connect(target: Target, tls: ClientTls): Promise<EchoClient> {
  const secure = tlsConnectOptions(tls, target.host, protocol);
  return EchoClient.connect(target, { secure, tickets: tls.tickets });
}

async function startTlsEcho(): Promise<LaneServer> {
  const { key, cert } = (await laneServerTls()).credentials;
  const options = { ...tlsPolicy, key, cert, ALPNProtocols: [protocol], noDelay: true };
  const server = createServer(options, (socket) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('error', () => {});
  });
  return listen(server, 'secureConnection');
}
