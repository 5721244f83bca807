import { type ChatClient, ChatError } from '@tandem/core';
import { ask } from './ask.ts';
import type { NameLookup } from './commands/name-lookup.ts';
import { pauseMs } from './state/outage.ts';
import type { Effect, Event, Request } from './state/state.ts';

/** The parts of a connection that is kept. */
export interface KeptConnectionOptions {
  readonly client: ChatClient;
  /** Connects again after a connection was lost; undefined where that ends the client. */
  readonly reconnect?: (() => Promise<ChatClient>) | undefined;
  /** The secret of accounts for which none is asked; undefined for none. */
  readonly secret?: string | undefined;
  /** Called with each event of the connection. */
  readonly dispatch: (event: Event) => void;
  /** Resolves when a message that has come can be shown. */
  readonly ready: () => Promise<void>;
  /** Tells whether the user is on the way out: nobody needs another connection then. */
  readonly isLeaving: () => boolean;
  /** Called with an error that is this program's own. */
  readonly onFault: (error: unknown) => void;
}

/** The connection of a terminal client: its events, its requests, and another connection after it is lost. */
export class KeptConnection {
  readonly #options: KeptConnectionOptions;
  #client: ChatClient;
  /** Made when the first name is looked up on this connection. */
  #names: NameLookup | undefined;
  /** Ends the pause before an attempt to connect, if there is one. */
  #endPause: (() => void) | undefined;
  /** Clients whose connection broke. */
  readonly #lost = new WeakSet<ChatClient>();
  #ended = false;

  constructor(options: KeptConnectionOptions) {
    this.#options = options;
    this.#client = options.client;
  }

  /** Begins to take messages, and to watch for the end of the connection. */
  start(): void {
    this.#follow(this.#client);
  }

  /** Returns the usernames that begin so. Never rejects. */
  async find(beginning: string): Promise<readonly string[]> {
    const { NameLookup } = await import('./commands/name-lookup.ts');
    this.#names ??= new NameLookup(this.#client);
    return this.#names.find(beginning);
  }

  /** Sends a request, and dispatches its outcome. Never rejects. */
  async request(request: Request): Promise<void> {
    const { dispatch, secret, onFault } = this.#options;
    const client = this.#client;
    try {
      dispatch({ type: 'completed', completed: await ask(client, request, secret) });
    } catch (error) {
      if (error instanceof ChatError) this.#broken(client, error);
      else onFault(error);
    }
  }

  /** Connects at once if this waits for its next attempt. */
  hurry(): void {
    this.#endPause?.();
  }

  /** Pauses, connects, and dispatches what came of it. A client that connects too late is closed. */
  async reconnect({
    attempt,
    retryAfterS = 0,
  }: Extract<Effect, { type: 'reconnect' }>): Promise<void> {
    const { reconnect, dispatch } = this.#options;
    if (reconnect === undefined) return;
    await this.#client.close();
    const isHurried = await this.#pause(
      Math.max(pauseMs(attempt, Math.random()), retryAfterS * 1_000),
    );
    if (this.#isUnwanted) return;
    if (isHurried) dispatch({ type: 'hurried' });
    try {
      const client = await reconnect();
      if (this.#isUnwanted) return void client.close();
      this.#client = client;
      this.#names = undefined;
      this.#follow(client);
      dispatch({ type: 'connected' });
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      dispatch({ type: 'connectFailed', error });
    }
  }

  /** Says goodbye to the server. Resolves when the connection is closed. */
  close(): Promise<void> {
    return this.#client.close();
  }

  /** Takes no more messages and connects no more. */
  end(): void {
    this.#ended = true;
    this.#endPause?.();
  }

  get #isUnwanted(): boolean {
    return this.#ended || this.#options.isLeaving();
  }

  #follow(client: ChatClient): void {
    const { onFault } = this.#options;
    this.#takeMessages(client).catch(onFault);
    client.closed.then((error) => {
      if (error !== undefined) this.#broken(client, error);
    }, onFault);
  }

  /** A client broke. What it has handed out and was not shown is not shown any more: it comes again. */
  #broken(client: ChatClient, error: ChatError): void {
    if (client !== this.#client) return;
    const { resumption } = client;
    this.#lost.add(client);
    this.#options.dispatch({ type: 'broken', error, resumption });
  }

  /**
   * Shows each message before it comes back for the next, which acknowledges it: what was not shown
   * is unread.
   */
  async #takeMessages(client: ChatClient): Promise<void> {
    const { dispatch, ready } = this.#options;
    let next = client.messages.next();
    for (;;) {
      const { done, value: message } = await next;
      if (done) return;
      await ready();
      if (this.#ended || this.#lost.has(client)) return;
      dispatch({ type: 'message', message });
      next = client.messages.next();
      dispatch({ type: 'taken', message });
    }
  }

  /** Waits before an attempt to connect. Resolves with true when {@link hurry} has cut it short. */
  async #pause(ms: number): Promise<boolean> {
    const pause = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => pause.resolve(false), ms);
    this.#endPause = () => pause.resolve(true);
    const isHurried = await pause.promise;
    clearTimeout(timer);
    this.#endPause = undefined;
    return isHurried;
  }
}
