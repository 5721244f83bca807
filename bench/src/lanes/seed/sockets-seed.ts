import { startSocketServer } from '@tandem/socket-server';
import { connectChatLane } from '../chat/chat-operations.ts';
import { chatSettings, startChatServer } from '../chat/chat-server.ts';
import type { Lane, LaneSettings } from '../lane.ts';
import { socketServerOptions } from '../sockets/socket-server-options.ts';
import { connectSeedClient } from './exchange.ts';

const settings: LaneSettings = {
  ...chatSettings,
  noDelay: 'TCP_NODELAY on both sides',
  writes:
    'client: one write for each request; server: joined, what is written in one turn of the event loop leaves in one write at its end',
  deadlines:
    'no deadline for a request; a server that sends nothing for 60 s while a request is pending ends the connection; no retries',
  keepalive: 'TCP, after 30 s of silence, on both sides',
  compression: 'none',
  serialization: 'seed dialect: 1 byte of operation or status, then text; written by hand',
  windows: 'those of TCP; what the server’s kernel has accepted counts as taken',
  identity: 'the connection; nothing travels to prove it',
  otherOptions: `client: one request under way at a time, reads into one buffer of 64 KiB, and takes apart what arrives together; ${socketServerOptions}`,
};

/** The protocol of 2023, which does not mark the end of a text. [P-7] */
export const lane: Lane = {
  name: 'sockets-seed',
  title: 'sockets, seed dialect',
  description:
    'A ChatClient over TCP in the unframed dialect of the 2023 program, against our server; one request at a time, because a request ends where a read ends.',
  kind: 'sockets',
  wire: 'seed',
  baselines: ['net-echo', 'sockets-framed'],
  hasChat: true,
  depthMax: 1,
  settings,
  startServer: (begin) => startChatServer(startSocketServer, begin),
  connect: (target) => connectChatLane(() => connectSeedClient(target)),
};
