import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Lane } from '../lane.ts';
import { BrokerLaneClient, brokerSettings } from './client.ts';
import { MqttConnection } from './mqtt.ts';
import { missing, type Program, startProgram } from './program.ts';

const program: Program = {
  name: 'mosquitto',
  args(port, directory) {
    const file = join(directory, 'mosquitto.conf');
    writeFileSync(file, configuration(port, directory));
    return ['-c', file];
  },
};

// As root it would become another user, who may not write there.
const configuration = (port: number, directory: string) => `
listener ${port} 127.0.0.1
allow_anonymous true
user ${userInfo().username}
persistence true
persistence_location ${directory}/
autosave_interval 1800
set_tcp_nodelay true
max_queued_messages 0
sys_interval 0
log_dest none
connection_messages false
`;

/** Mosquitto, a broker in C, with a session kept for each user. */
export const lane: Lane = {
  name: 'mosquitto',
  title: 'mosquitto, MQTT QoS 1',
  description:
    'The broker mosquitto: a message is published with QoS 1 to the topic of its recipient, the broker acknowledges it, and the recipient acknowledges it to the broker.',
  kind: 'control',
  wire: 'mqtt',
  baselines: ['sockets-framed'],
  messagesOnly: true,
  missing: missing(program),
  settings: {
    ...brokerSettings,
    noDelay: 'TCP_NODELAY on both sides (set_tcp_nodelay)',
    writes: 'client: joined by turn of the event loop; broker: one for each packet',
    serialization: 'MQTT 3.1.1, written by hand in the client',
    windows: '20 messages of a client under way (max_inflight_messages); a queue without limit',
    identity: 'the client id of the connection; anybody may connect',
    store: `memory, with sessions that stay; written whole to one file every 30 minutes and at the end (autosave_interval 1800), on the disk of the other stores; what came since the last time is lost with the process`,
    otherOptions: 'one thread; $SYS topics off',
  },
  startServer: () => startProgram(program),
  connect: (target) => BrokerLaneClient.connect(MqttConnection.open, target),
};
