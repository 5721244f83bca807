import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import type { ClientTls } from '@tandem/tls/client';
import { connectChatLane } from '../chat/chat-operations.ts';
import { startChatServer } from '../chat/chat-server.ts';
import type { Lane, Target } from '../lane.ts';
import { laneClientTls, laneServerTls, resuming, tlsSettings } from '../tls.ts';
import { lane as plain } from './sockets-framed.ts';

/** Our own protocol over TLS. [P-10] */
export const lane: Lane = {
  ...plain,
  name: 'sockets-framed-tls',
  title: 'sockets, framed, TLS',
  description: 'As sockets-framed, over TLS 1.3.',
  baselines: ['sockets-framed', 'net-echo-tls'],
  settings: { ...plain.settings, otherOptions: `${tlsSettings}; ${plain.settings.otherOptions}` },
  async startServer(begin) {
    const tls = await laneServerTls();
    return startChatServer((options) => startSocketServer({ ...options, tls }), begin);
  },
  connect: async (target) => connect(target, await laneClientTls()),
  resume: resuming(connect),
};

function connect(target: Target, tls: ClientTls) {
  return connectChatLane(() => connectSocketClient({ ...target, tls }));
}
