import type { Origin } from '../scheduling/fair-queue.ts';
import type { Administration } from './administration.ts';
import type { Operations } from './backend.ts';
import type { ClientAgent } from './client-agent.ts';
import type { MessageCounts } from './counts.ts';
import type { Receiver } from './session.ts';
import type { Trace } from './traced-agent.ts';

/** A chat service, as transports and the operator know it, whatever decides in it. */
export interface Chat extends Pick<Operations, 'scheduler' | 'secrets' | 'usage'> {
  /** The operations for an operator. */
  readonly administration: Administration;
  /** Counts of the messages that it has handled. */
  readonly messageCounts: Readonly<MessageCounts>;
  /** The number of accounts. */
  readonly accountCount: number;
  /** The number of searches that wait for their turn. */
  readonly searchesWaiting: number;
  /** False while its data is out of reach: everybody is told to come again. */
  readonly available: boolean;
  /**
   * A client that has come, and may log in. Its messages go to `receiver`.
   *
   * @param origin whose share of the server it uses
   * @param trace told of each of its operations; without it, they cost nothing
   */
  connect(receiver: Receiver, origin?: Origin, trace?: Trace): ClientAgent;
  /** Ends every session and closes what it keeps its data in. The transports have stopped before. May be called twice. */
  close(): Promise<void>;
}
