import { PendingArrivals } from '../chat/pending-arrivals.ts';
import type { LaneClient, LaneSettings, Target, Workload } from '../lane.ts';

/** A connection of one user to a broker. */
export interface BrokerConnection {
  /** Sends a text; resolves with the broker's response, or at once where a broker gives none. */
  publish(to: string, body: string): Promise<void>;
  /** Takes and acknowledges the texts to a user from now on. */
  take(user: string, taken: (body: string) => void): Promise<void>;
  /** Resolves with the reason when the connection is over. */
  readonly ended: Promise<Error>;
  close(): Promise<void>;
}

// One for the process: connections of one broker may share it.
let lastNumber = 0;

/** A sender, and once it is prepared a recipient on a connection of their own. */
export class BrokerLaneClient implements LaneClient {
  readonly chat = undefined;
  readonly #sender: BrokerConnection;
  readonly #connect: () => Promise<BrokerConnection>;
  readonly #arrivals = new PendingArrivals();
  // As long as the names of the chat lanes.
  readonly #name = `r${(lastNumber++).toString(36).padStart(4, '0')}`;
  #recipient: Promise<BrokerConnection> | undefined;

  private constructor(sender: BrokerConnection, connect: () => Promise<BrokerConnection>) {
    this.#sender = sender;
    this.#connect = connect;
  }

  /** @param open opens a connection of a user, whose name is unlike all others */
  static async connect(
    open: (target: Target, user: string) => Promise<BrokerConnection>,
    target: Target,
  ): Promise<BrokerLaneClient> {
    const connect = () => open(target, `c${(lastNumber++).toString(36).padStart(4, '0')}`);
    return new BrokerLaneClient(await connect(), connect);
  }

  async prepare({ kind }: Workload): Promise<void> {
    if (kind === 'search') throw new Error('a broker has no accounts to search for');
    this.#recipient ??= this.#openRecipient();
    await this.#recipient;
  }

  operation(workload: Workload): () => Promise<void> {
    if (workload.kind === 'search') throw new Error('a broker has no accounts to search for');
    const { kind, body } = workload;
    const send = () => this.#sender.publish(this.#name, body);
    return kind === 'send' ? send : () => this.#arrivals.with(send, body);
  }

  async close(): Promise<void> {
    const recipient = await this.#recipient?.catch(() => undefined);
    await Promise.all([this.#sender.close(), recipient?.close()]);
  }

  async #openRecipient(): Promise<BrokerConnection> {
    const recipient = await this.#connect();
    void recipient.ended.then((error) => this.#arrivals.fail(error));
    await recipient.take(this.#name, (body) => this.#arrivals.arrived(body));
    return recipient;
  }
}

/** The fairness ledger's entries of every broker. */
export const brokerSettings = {
  deadlines: 'none',
  keepalive: 'none on the client; the broker asks nothing within a run',
  compression: 'none',
  logging: 'none',
} as const satisfies Partial<LaneSettings>;
