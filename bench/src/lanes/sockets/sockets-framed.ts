import { windowBytesMax, windowMessagesMax } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { startSocketServer } from '@tandem/socket-server';
import { connectChatLane } from '../chat/chat-operations.ts';
import { chatSettings, startChatServer } from '../chat/chat-server.ts';
import type { Lane, LaneSettings } from '../lane.ts';
import { socketServerOptions } from './socket-server-options.ts';

const settings: LaneSettings = {
  ...chatSettings,
  noDelay: 'TCP_NODELAY on both sides',
  writes:
    'joined, on both sides: what is written in one turn of the event loop leaves in one write at its end',
  deadlines:
    'no deadline for a request; a server that sends nothing for 60 s while a request is pending ends the connection; no retries',
  keepalive: 'TCP, after 30 s of silence, on both sides',
  compression: 'none',
  serialization: 'framed dialect: 3 bytes of header, then text; written by hand',
  windows: `those of TCP; ${windowMessagesMax} messages or ${windowBytesMax / 1024} KiB pushed and not acknowledged`,
  identity: 'the connection; nothing travels to prove it',
  otherOptions: `client: reads into one buffer of 16 KiB; ${socketServerOptions}`,
};

/** Our own protocol. [P-6] */
export const lane: Lane = {
  name: 'sockets-framed',
  title: 'sockets, framed',
  description:
    'A ChatClient over TCP in the framed dialect: encode, write, decode, the chat service, encode, write, decode.',
  kind: 'sockets',
  wire: 'framed',
  baselines: ['net-echo', 'in-process', 'net-echo-tuned', 'net-relay'],
  hasChat: true,
  settings,
  startServer: (begin) => startChatServer(startSocketServer, begin),
  connect: (target) => connectChatLane(() => connectSocketClient(target)),
};
