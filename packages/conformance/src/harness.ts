import type { ChatClient } from '@tandem/core';

/** Limits of the service that a test wants other than usual. */
export interface HarnessLimits {
  /** How many messages a mailbox holds. */
  readonly mailboxMessagesMax?: number;
}

/** A running service, empty at first, and ways to reach it. */
export interface Harness {
  /**
   * Connects a client to the one service.
   *
   * @param place the clients of a test are numbered from 0, in the order in which they connect. A
   * harness of several transports says by it which client takes which.
   */
  connect(place: number): Promise<ChatClient>;
  /** Makes the client die without a goodbye: no end of stream, nothing flushed. */
  kill(client: ChatClient): Promise<void>;
  /** Stops the service and whatever {@link connect} left behind. All clients are closed before. */
  stop(): Promise<void>;
}

/** A ChatClient implementation, or a mixture of several, to be put through the suite. */
export interface HarnessOptions {
  /** Starts a service of its own for each test. */
  start(limits: HarnessLimits): Promise<Harness>;
  /**
   * Whether calls that overlap take effect in their order. Unary gRPC cannot promise it; there the
   * suite awaits each call. True unless told otherwise.
   */
  readonly keepsOrderOfOverlappingCalls?: boolean;
  /** Tests that ask for what the protocol cannot do, by name, and why it cannot. They are skipped. */
  readonly doesNotApply?: Readonly<Record<string, string>>;
}
