import type { EventEmitter } from 'node:events';
import { type ChatClient, ChatError } from '@tandem/core';
import { ask } from './ask.ts';
import { type ChatConsole, exitCodeOf } from './chat-console.ts';
import { beginningWanted, type Completion, complete } from './complete.ts';
import { NameLookup } from './name-lookup.ts';
import { greeting, type Look, render, renderEntry } from './render.ts';
import { renderJson } from './render-json.ts';
import { type Effect, type Event, initialState, type Request, type State } from './state.ts';
import { update } from './update.ts';

/** The parts that a shell joins. */
export interface ShellOptions {
  readonly client: ChatClient;
  readonly console: ChatConsole;
  readonly look: Look;
  readonly serverName: string;
  /** The secret of accounts for which none is asked; undefined for none. */
  readonly secret?: string | undefined;
  /** Emits `SIGINT`, `SIGTERM` and `SIGHUP`: the process, outside tests. */
  readonly signals: EventEmitter;
  /** The time that a logout and a goodbye may take before the client leaves without. */
  readonly farewellTimeoutMs: number;
}

/** Joins a connected client and a console: their news become events, `update` says what to do. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #exit = Promise.withResolvers<number>();
  readonly #names: NameLookup;
  #state: State;
  /** Ends when the login that is under way, if any, was answered and the answer was shown. */
  #login: Promise<void> | undefined;
  #farewell: NodeJS.Timeout | undefined;
  #left = false;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#names = new NameLookup(options.client);
    const { terminal, hides = false, json = false } = options.look;
    this.#state = initialState({ script: !terminal, hides, json });
  }

  /**
   * Runs until the user, the input's end, a signal or the server ends it, and resolves with the
   * exit code. Rejects only where this program is wrong; the terminal is given back even then.
   */
  async run(): Promise<number> {
    const { console, signals } = this.#options;
    const onSignal = {
      SIGINT: () => this.#interrupted(false),
      SIGTERM: () => this.#dispatch({ type: 'terminated', exitCode: exitCodeOf.terminate }),
      SIGHUP: () => this.#dispatch({ type: 'hungUp', exitCode: exitCodeOf.hangUp }),
    };
    for (const [signal, listener] of Object.entries(onSignal)) signals.on(signal, listener);
    try {
      this.#startConsole();
      this.#followClient();
      return await this.#exit.promise;
    } finally {
      this.#left = true;
      clearTimeout(this.#farewell);
      console.close();
      for (const [signal, listener] of Object.entries(onSignal)) signals.off(signal, listener);
    }
  }

  #startConsole(): void {
    const { console, look, serverName } = this.#options;
    console.start({
      onLine: (text) => this.#dispatch({ type: 'line', text }),
      onOverlong: (charsMax) => this.#dispatch({ type: 'overlong', charsMax }),
      onEnd: () => this.#dispatch({ type: 'inputEnded' }),
      onInterrupt: (typed) => this.#interrupted(typed),
      onHangUp: (exitCode) => this.#dispatch({ type: 'hungUp', exitCode }),
      complete: (line) => this.#complete(line),
    });
    if (look.terminal) this.#perform({ type: 'print', entry: greeting(serverName) });
    console.refresh(render(this.#state, look));
  }

  async #complete(line: string): Promise<Completion> {
    const beginning = beginningWanted(this.#state, line);
    const found = beginning === undefined ? [] : await this.#names.find(beginning);
    return complete(this.#state, line, found);
  }

  #followClient(): void {
    this.#takeMessages().catch(this.#exit.reject);
    this.#options.client.closed.then((error) => {
      if (error !== undefined) this.#dispatch({ type: 'broken', error });
    }, this.#exit.reject);
  }

  /**
   * Shows each message before it comes back for the next, which acknowledges it: what was not shown
   * is unread. Messages of a login wait until its answer, which says how many they are, was shown.
   */
  async #takeMessages(): Promise<void> {
    const { client, console } = this.#options;
    let next = client.messages.next();
    for (;;) {
      const { done, value: message } = await next;
      if (done) return;
      await this.#login;
      await console.drained();
      if (this.#left) return;
      this.#dispatch({ type: 'message', message });
      next = client.messages.next();
      this.#dispatch({ type: 'taken', message });
    }
  }

  #dispatch(event: Event): void {
    if (this.#left) return;
    const { console, look } = this.#options;
    const { state, effects } = update(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    if (!this.#left) console.refresh(render(this.#state, look));
  }

  #interrupted(typed: boolean): void {
    this.#dispatch({ type: 'interrupted', exitCode: exitCodeOf.interrupt, typed });
  }

  #perform(effect: Effect): void {
    const { client, console, look, farewellTimeoutMs } = this.#options;
    switch (effect.type) {
      case 'print':
        console.print(
          look.json
            ? renderJson(effect.entry, new Date())
            : renderEntry(effect.entry, { ...look, columns: console.columns }),
          effect.entry.kind === 'refused' && !look.json,
        );
        return;
      case 'request': {
        const answered = this.#request(effect.request);
        if (effect.request.operation === 'login') this.#login = answered;
        return;
      }
      case 'remember':
        console.remember(effect.line);
        return;
      case 'finishInput':
        console.close();
        return;
      case 'startFarewell':
        clearTimeout(this.#farewell);
        this.#farewell = setTimeout(
          () => this.#dispatch({ type: 'farewellTimedOut' }),
          farewellTimeoutMs,
        );
        return;
      case 'disconnect':
        client.close().then(() => this.#dispatch({ type: 'disconnected' }), this.#exit.reject);
        return;
      case 'exit':
        this.#left = true;
        this.#exit.resolve(effect.exitCode);
    }
  }

  /** Never rejects. */
  async #request(request: Request): Promise<void> {
    const { client, secret } = this.#options;
    try {
      this.#dispatch({ type: 'answered', answer: await ask(client, request, secret) });
    } catch (error) {
      if (error instanceof ChatError) this.#dispatch({ type: 'broken', error });
      else this.#exit.reject(error);
    }
  }
}
