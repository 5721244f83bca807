import type { Target } from '../lane.ts';
import type { BrokerConnection } from './client.ts';
import { NatsConnection } from './nats.ts';

/** The stream that has all messages, and the first part of their subjects. */
export const streamName = 'chat';

// A mailbox: a message is kept until its one recipient has acknowledged it.
const streamConfig = {
  name: streamName,
  subjects: [`${streamName}.*`],
  storage: 'file',
  retention: 'workqueue',
  num_replicas: 1,
};

/** The store of NATS: each message is acknowledged, by the broker and by its recipient. */
export class JetStreamConnection extends NatsConnection implements BrokerConnection {
  readonly #inbox: string;

  private constructor(target: Target, user: string) {
    super(target);
    this.#inbox = `_INBOX.${user}`;
  }

  static override async open(target: Target, user = 'setup'): Promise<JetStreamConnection> {
    const connection = new JetStreamConnection(target, user);
    await connection.begin();
    await connection.subscribe(connection.#inbox, (body) => connection.#replied(body));
    return connection;
  }

  /** Makes the stream that has all messages. To be called once for a broker. */
  async createStream(): Promise<void> {
    await this.#request(`$JS.API.STREAM.CREATE.${streamName}`, JSON.stringify(streamConfig));
  }

  override publish(to: string, body: string): Promise<void> {
    return this.#request(`${streamName}.${to}`, body);
  }

  override async take(user: string, taken: (body: string) => void): Promise<void> {
    const deliveries = `deliver.${user}`;
    await this.subscribe(deliveries, (body, replyTo) => {
      this.send(replyTo, '', '');
      taken(body);
    });
    const config = {
      durable_name: user,
      deliver_subject: deliveries,
      filter_subject: `${streamName}.${user}`,
      ack_policy: 'explicit',
      deliver_policy: 'all',
    };
    const request = JSON.stringify({ stream_name: streamName, config });
    await this.#request(`$JS.API.CONSUMER.DURABLE.CREATE.${streamName}.${user}`, request);
  }

  // One stream answers in the order in which it was asked.
  #request(subject: string, body: string): Promise<void> {
    return this.pending.start('reply', () => this.send(subject, this.#inbox, body));
  }

  #replied(body: string): void {
    this.pending.completed(body.includes('"error":') ? `the broker refused: ${body}` : undefined);
  }
}
