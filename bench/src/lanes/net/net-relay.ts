import { createServer, type Socket } from 'node:net';
import {
  encodeFramedResponse,
  type FramedRequest,
  FramedRequestDecoder,
  framedVersion,
  joinMessage,
  Operation,
  parseSend,
  Status,
} from '@tandem/core';
import { bareSocketSettings, listen } from '../echo/echo-server.ts';
import { JoinedWrites } from '../echo/joined-writes.ts';
import type { Lane, LaneServer } from '../lane.ts';
import { lane as framed } from '../sockets/sockets-framed.ts';

/** The floor of a delivery over TCP: the four messages of a send, and no chat service behind them. */
export const lane: Lane = {
  ...framed,
  name: 'net-relay',
  title: 'bare net relay',
  description:
    'Our client, and a bare server of node:net that passes each message on and answers it: the same bytes and messages as sockets-framed, without rules, limits, mailboxes or a check of anything.',
  kind: 'control',
  baselines: [],
  hasChat: false,
  messagesOnly: true,
  settings: {
    ...framed.settings,
    ...bareSocketSettings,
    otherOptions: `${framed.settings.otherOptions.split(';')[0]}; ${bareSocketSettings.otherOptions}`,
  },
  startServer,
};

function startServer(): Promise<LaneServer> {
  const users = new Map<string, JoinedWrites>();
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    relay(socket, users);
  });
  return listen(server);
}

function relay(socket: Socket, users: Map<string, JoinedWrites>): void {
  const decoder = new FramedRequestDecoder();
  const writes = new JoinedWrites(socket);
  let isGreeted = false;
  socket.on('data', (chunk) => {
    if (!isGreeted) writes.push(Buffer.of(framedVersion));
    decoder.push(isGreeted ? chunk : chunk.subarray(1));
    isGreeted = true;
    for (let next = decoder.next(); next?.kind === 'request'; next = decoder.next()) {
      const status = take(next, writes, users);
      if (status !== undefined) writes.push(encodeFramedResponse(status));
    }
  });
}

/** Returns the response; undefined for an acknowledgement, which has none. */
function take(
  { operation, content }: FramedRequest,
  writes: JoinedWrites,
  users: Map<string, JoinedWrites>,
): Status | undefined {
  switch (operation) {
    case Operation.register:
      return Status.registered;
    case Operation.login:
      users.set(content, writes);
      return Status.loggedIn;
    case Operation.send: {
      const { sender = '', recipient = '', body = '' } = parseSend(content) ?? {};
      users
        .get(recipient)
        ?.push(encodeFramedResponse(Status.incoming, joinMessage({ sender, body })));
      return Status.delivered;
    }
  }
  return undefined;
}
