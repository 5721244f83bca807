import { Status } from '@tandem/core';
import type { ServerFrame } from '@tandem/protos';
import type { Lane, LaneServer } from '../lane.ts';
import { lane as converse } from './grpc-converse.ts';
import { type Converser, startTunedConverse, lane as tuned } from './grpc-stream-echo-tuned.ts';

/** The floor of a delivery over streams of grpc-js: the four messages of a send, and no chat service. */
export const lane: Lane = {
  ...converse,
  name: 'grpc-stream-relay',
  title: 'grpc-js stream relay, tuned',
  description:
    'Our client, and a server of bare grpc-js, which writes as ours does and passes each message on and answers it: the same frames as grpc-converse, without rules, limits, mailboxes or a check of anything.',
  kind: 'control',
  baselines: ['net-relay'],
  hasChat: false,
  messagesOnly: true,
  settings: {
    ...converse.settings,
    store: '-',
    logging: 'none',
    otherOptions: tuned.settings.otherOptions,
  },
  startServer,
};

function startServer(): Promise<LaneServer> {
  const users = new Map<string, (frame: ServerFrame) => void>();
  return startTunedConverse(() => (frame, respond) => relay(frame, respond, users));
}

function relay(
  { register, login, send }: Parameters<Converser>[0],
  respond: (frame: ServerFrame) => void,
  users: Map<string, (frame: ServerFrame) => void>,
): void {
  if (register) respond({ statusCode: Status.registered });
  if (login) {
    users.set(login.username, respond);
    respond({ statusCode: Status.loggedIn });
  }
  if (send) {
    const { sender, recipient, body } = send;
    users.get(recipient)?.({ statusCode: Status.incoming, messages: [{ sender, body }] });
    respond({ statusCode: Status.delivered });
  }
}
