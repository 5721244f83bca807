import type { Lane } from '../lane.ts';
import { BrokerLaneClient, brokerSettings } from './client.ts';
import { NatsConnection } from './nats.ts';
import { missing, type Program, startProgram } from './program.ts';

const program: Program = {
  name: 'nats-server',
  args: (port) => ['-a', '127.0.0.1', '-p', `${port}`, '-l', '/dev/null'],
};

/** NATS as it is without a store: it keeps nothing, and answers nobody. */
export const lane: Lane = {
  name: 'nats-core',
  title: 'NATS core, no promise',
  description:
    'The broker nats-server without a store: a message goes to the subject of its recipient. No response comes, nobody acknowledges, and a message to a user who is away is lost.',
  kind: 'control',
  wire: 'nats',
  baselines: ['sockets-framed'],
  messagesOnly: true,
  missing: missing(program),
  settings: {
    ...brokerSettings,
    noDelay: 'TCP_NODELAY on both sides',
    writes:
      'client: joined by turn of the event loop; broker: what waits for a connection leaves together',
    serialization: 'the protocol of NATS, a line and a body; written by hand in the client',
    windows: '64 MiB that wait for a connection (max_pending)',
    identity: 'none: anybody may connect, publish and subscribe',
    store: 'none',
    otherOptions: 'as many threads as there are cores for it',
  },
  startServer: () => startProgram(program),
  connect: (target) => BrokerLaneClient.connect(NatsConnection.open, target),
};
