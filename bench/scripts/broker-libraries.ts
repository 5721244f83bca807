// Connections to brokers by the client libraries that people use, in place of the lanes' own.
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats, type NatsConnection } from '@nats-io/transport-node';
import { connectAsync } from 'mqtt';
import type { BrokerConnection } from '../src/lanes/broker/client.ts';
import { streamName } from '../src/lanes/broker/jetstream.ts';
import type { Target } from '../src/lanes/lane.ts';

type Open = (target: Target, user: string) => Promise<BrokerConnection>;

/** MQTT.js, with the settings of the lane. */
const openMqtt: Open = async ({ host, port }, clientId) => {
  const client = await connectAsync({
    host,
    port,
    clientId,
    clean: false,
    protocolVersion: 4,
    keepalive: 0,
    reconnectPeriod: 0,
  });
  return {
    ended: new Promise((resolve) => {
      client.once('close', () => resolve(new Error('the connection has ended')));
    }),
    async publish(to, body) {
      await client.publishAsync(to, body, { qos: 1 });
    },
    async take(user, taken) {
      client.on('message', (_, body) => taken(body.toString('latin1')));
      await client.subscribeAsync(user, { qos: 1 });
    },
    close: () => client.endAsync(true),
  };
};

/** NATS.js, whose subscriptions call back. */
const openNats: Open = async (target) => {
  const connection = await natsAt(target);
  return {
    ...partsOf(connection),
    async publish(to, body) {
      connection.publish(to, body);
    },
    async take(user, taken) {
      connection.subscribe(user, { callback: (_, message) => taken(message.string()) });
      await connection.flush();
    },
  };
};

/** The JetStream of NATS.js, with its push consumer. */
const openJetStream: Open = async (target) => {
  const connection = await natsAt(target);
  const client = jetstream(connection);
  return {
    ...partsOf(connection),
    async publish(to, body) {
      await client.publish(`${streamName}.${to}`, body);
    },
    async take(user, taken) {
      const { consumers } = await jetstreamManager(connection);
      await consumers.add(streamName, {
        durable_name: user,
        deliver_subject: `deliver.${user}`,
        filter_subject: `${streamName}.${user}`,
        ack_policy: 'explicit',
      });
      const consumer = await client.consumers.getPushConsumer(streamName, user);
      await consumer.consume({
        callback: (message) => {
          message.ack();
          taken(message.string());
        },
      });
    },
  };
};

function natsAt({ host, port }: Target): Promise<NatsConnection> {
  return connectNats({ servers: `${host}:${port}`, reconnect: false });
}

function partsOf(connection: NatsConnection) {
  return {
    ended: connection.closed().then((error) => error ?? new Error('the connection has ended')),
    close: () => connection.close(),
  };
}

/** The library's connections, by lane. */
export const libraries: Readonly<Record<string, { readonly name: string; readonly open: Open }>> = {
  mosquitto: { name: 'mqtt', open: openMqtt },
  'nats-core': { name: '@nats-io/transport-node', open: openNats },
  'nats-jetstream': { name: '@nats-io/jetstream', open: openJetStream },
};
