import { type ChatClient, type LoginOutcome, Status } from '@tandem/core';
import { expect } from 'vitest';

// Calls that overlap where a test makes many of them.
const overlappingCallsMax = 250;

/** Starts a service for the test that calls it; all of it is gone after that test. */
export type Open = (limits?: HarnessLimits) => Promise<Stage>;

/** One test's service and the clients that it has connected. */
export class Stage {
  readonly #harness: Harness;
  readonly #overlappingCallsMax: number;
  readonly #clients: ChatClient[] = [];

  constructor(harness: Harness, keepsOrderOfOverlappingCalls: boolean) {
    this.#harness = harness;
    this.#overlappingCallsMax = keepsOrderOfOverlappingCalls ? overlappingCallsMax : 1;
  }

  /** Connects one more client. */
  async connect(): Promise<ChatClient> {
    const client = await this.#harness.connect(this.#clients.length);
    this.#clients.push(client);
    return client;
  }

  /** Connects one more client, registers `username` and logs in. */
  async newUser(username: string): Promise<ChatClient> {
    const client = await this.connect();
    expect(await client.register(username)).toEqual({ status: Status.registered });
    expect(await client.login(username)).toEqual({ status: Status.loggedIn, unread: 0 });
    return client;
  }

  /** Registers users without logging in. */
  async register(...usernames: readonly string[]): Promise<void> {
    const client = await this.connect();
    // It is all the same which comes first.
    const outcomes = await overlapping(usernames, overlappingCallsMax, (username) =>
      client.register(username),
    );
    expect(outcomes.filter(({ status }) => status !== Status.registered)).toEqual([]);
    await client.close();
  }

  /** Registers many users, without a client where the harness can. */
  async add(usernames: readonly string[]): Promise<void> {
    await (this.#harness.add?.(usernames) ?? this.register(...usernames));
  }

  /** Calls `call` for each item, overlapping as far as that keeps the order. */
  each<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
    return overlapping(items, this.#overlappingCallsMax, call);
  }

  /** Lets a client die without a goodbye. */
  kill(client: ChatClient): Promise<void> {
    return this.#harness.kill(client);
  }

  /** Logs in as soon as the user's session elsewhere has ended, which a death may take a moment to bring. */
  async loginWhenFree(
    client: ChatClient,
    username: string,
    secret?: string,
  ): Promise<LoginOutcome> {
    let outcome = await client.login(username, secret);
    const statusNow = async () => {
      if (outcome.status === Status.alreadyLoggedIn) outcome = await client.login(username, secret);
      return outcome.status;
    };
    await expect.poll(statusNow).not.toBe(Status.alreadyLoggedIn);
    return outcome;
  }

  async end(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.#harness.stop();
  }
}

async function overlapping<T, R>(
  items: readonly T[],
  atOnce: number,
  call: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += atOnce) {
    results.push(...(await Promise.all(items.slice(from, from + atOnce).map(call))));
  }
  return results;
}

/** The next messages, as `sender: body`. The last of them is in the caller's hand, and not taken. */
export async function receive(client: ChatClient, count: number): Promise<string[]> {
  const messages: string[] = [];
  while (messages.length < count) {
    const { done, value } = await client.messages.next();
    if (done === true) throw new Error(`the messages ended after ${messages.length} of ${count}`);
    messages.push(`${value.sender}: ${value.body}`);
  }
  return messages;
}

/**
 * Takes the next messages, the last one too, and waits until the service has forgotten them. Asking
 * for one more is what takes the last, so `next` is what comes after.
 */
export async function take(
  client: ChatClient,
  count: number,
): Promise<{ messages: string[]; next: Promise<string | undefined> }> {
  const messages = await receive(client, count);
  const next = client.messages
    .next()
    .then(({ done, value }) => (done === true ? undefined : `${value.sender}: ${value.body}`));
  // The response to a later request confirms the acknowledgements before it. [P-5.2]
  await client.search('nobody');
  return { messages, next };
}

/** Limits of the service that a test wants other than usual. */
export interface HarnessLimits {
  /** The most messages in a mailbox. */
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
  /** Registers users without a client. A test that wants many takes a client where this is missing. */
  add?(usernames: readonly string[]): Promise<void>;
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
   * True when calls that overlap take effect in their order. Unary gRPC cannot promise it; there the
   * suite awaits each call. True unless told otherwise.
   */
  readonly keepsOrderOfOverlappingCalls?: boolean;
  /**
   * True for clients that take several transports in turn. Tests in which one client asks are left out then: the
   * client takes the same path in the suite of its own transport. False by default.
   */
  readonly mixed?: boolean;
  /** True, the default, if clients have secrets, resuming and blocking; the seed dialect has none. */
  readonly knowsIdentity?: boolean;
  /** Tests that ask for what the protocol cannot do, by name, and why it cannot. They are skipped. */
  readonly doesNotApply?: Readonly<Record<string, string>>;
}
