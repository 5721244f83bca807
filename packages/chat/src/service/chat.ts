import { type RegisterOutcome, Status } from '@tandem/core';
import { type ChatLimits, defaultChatLimits, defaultIdentitySettings } from '../limits.ts';
import { type Origin, originOfItsOwn } from '../scheduling/fair-queue.ts';
import type { Scheduler } from '../scheduling/scheduler.ts';
import type { Administration } from './administration.ts';
import type { Operations } from './backend.ts';
import { ClientAgent } from './client-agent.ts';
import { type IdentitySettings, newHasher, Secrets } from './secrets.ts';
import { type MessageCounts, noMessages, type Receiver } from './session.ts';
import { type Trace, TracedAgent } from './traced-agent.ts';
import { Usage, type UsageLimits, unlimitedUsage } from './usage.ts';

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

/** The options of a chat service, whatever decides in it. */
export interface ChatOptions {
  /** Limits that differ from {@link defaultChatLimits}. All nodes have the same. */
  readonly limits?: Partial<ChatLimits>;
  /** The settings of identity that differ from {@link defaultIdentitySettings}. */
  readonly identity?: Partial<IdentitySettings>;
  /** The limits of each user and address; none by default. */
  readonly usage?: Partial<UsageLimits>;
  /** True when only users who are logged in may search; anybody may by default. [P-4.3] */
  readonly searchNeedsSession?: boolean;
  /** Called for every write that failed. Whoever waited for it gets 127 or 27. */
  readonly onStoreError?: (error: unknown) => void;
}

/** The part of a chat service that is the same whatever decides in it. */
export abstract class ChatBase {
  abstract readonly scheduler: Scheduler;
  readonly secrets: Secrets;
  readonly usage: Usage;
  readonly searchNeedsSession: boolean;
  /** Tells whether somebody is logged in on a connection. */
  protected readonly isUser = (origin: Origin): boolean => this.scheduler.isUser(origin);
  protected readonly counts = noMessages();
  protected readonly limits: ChatLimits;
  /** The time for which a token resumes a session, in milliseconds. */
  protected readonly resumeMs: number;

  protected constructor({ limits, identity, usage, searchNeedsSession = false }: ChatOptions) {
    this.limits = { ...defaultChatLimits, ...limits };
    const settings = { ...defaultIdentitySettings, hasher: newHasher(), ...identity };
    this.resumeMs = settings.resumeMs;
    this.secrets = new Secrets(settings, this.limits.secretsWaitingMax, this.isUser);
    this.usage = new Usage({ ...unlimitedUsage, ...usage });
    this.searchNeedsSession = searchNeedsSession;
  }

  get messageCounts(): Readonly<MessageCounts> {
    return this.counts;
  }

  /** See {@link Chat.connect}. */
  connect(
    this: Operations,
    receiver: Receiver,
    origin = originOfItsOwn(),
    trace?: Trace,
  ): ClientAgent {
    if (trace === undefined) return new ClientAgent(this, receiver, origin);
    return new TracedAgent(this, receiver, origin, trace);
  }

  /**
   * Makes an account, with a secret or without. [P-4.1] [P-4.8]
   *
   * @param origin whose share of the hashing it takes
   */
  async register(
    username: string,
    secret?: string,
    origin = originOfItsOwn(),
  ): Promise<RegisterOutcome> {
    if (!this.secrets.takesAccount(secret !== undefined)) return { status: Status.notLoggedIn };
    return this.create(username, secret, origin);
  }

  /** Makes an account, whoever may make them: for the operator, too. */
  abstract create(
    username: string,
    secret: string | undefined,
    origin: Origin,
  ): Promise<RegisterOutcome>;
}
