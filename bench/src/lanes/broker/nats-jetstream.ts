import type { Lane, LaneServer } from '../lane.ts';
import { BrokerLaneClient } from './client.ts';
import { JetStreamConnection } from './jetstream.ts';
import { lane as core } from './nats-core.ts';
import { type Program, startProgram } from './program.ts';

const program: Program = {
  name: 'nats-server',
  args: (port, directory) => [
    ...['-a', '127.0.0.1', '-p', `${port}`, '-l', '/dev/null'],
    ...['--jetstream', '--store_dir', directory],
  ],
};

/** NATS with a stream on disk, from which a message goes when its recipient has acknowledged it. */
export const lane: Lane = {
  ...core,
  name: 'nats-jetstream',
  title: 'NATS JetStream, file',
  description:
    'The broker nats-server with a stream in files: it acknowledges a message that it has written, pushes it to its recipient, who acknowledges it, and removes it.',
  baselines: ['sockets-framed-sqlite', 'nats-core'],
  settings: {
    ...core.settings,
    windows: '1,000 messages of a recipient not acknowledged (max_ack_pending)',
    store: `a stream of work (retention workqueue) in files, and a durable consumer for each user, on the disk of the other stores; a response comes when the message is written and not when it is synced, which is every two minutes`,
  },
  startServer,
  connect: (target) => BrokerLaneClient.connect(JetStreamConnection.open, target),
};

async function startServer(): Promise<LaneServer> {
  const server = await startProgram(program);
  const connection = await JetStreamConnection.open({ host: '127.0.0.1', port: server.port });
  await connection.createStream();
  await connection.close();
  return server;
}
