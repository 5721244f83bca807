import type { EventEmitter } from 'node:events';
import { type ChatClient, Status } from '@tandem/core';
import type { Completion } from './commands/complete.ts';
import { defaultSettings, type Settings } from './commands/setting.ts';
import { type ChatConsole, exitCodeOf } from './console/chat-console.ts';
import { MessageDisplay } from './display/message-display.ts';
import { MessageHistory, type SeenMessage } from './display/message-history.ts';
import { greeting, type Look, render } from './display/render.ts';
import { KeptConnection } from './kept-connection.ts';
import { type Effect, type Event, initialState, type State } from './state/state.ts';
import { update } from './state/update.ts';

/** The parts that a shell joins. */
export interface ShellOptions {
  readonly client: ChatClient;
  /** Connects again after a connection was lost; undefined where that ends the client. */
  readonly reconnect?: (() => Promise<ChatClient>) | undefined;
  readonly console: ChatConsole;
  readonly look: Look;
  readonly serverName: string;
  readonly settings?: Settings | undefined;
  /** The messages that were seen, and a place for those that will be. In memory where it is undefined. */
  readonly history?: MessageHistory | undefined;
  /** The secret of accounts for which none is asked; undefined for none. */
  readonly secret?: string | undefined;
  /** Emits `SIGINT`, `SIGTERM` and `SIGHUP`: the process, outside tests. */
  readonly signals: EventEmitter;
  /** The time that a logout and a goodbye may take before the client leaves without. */
  readonly farewellTimeoutMs: number;
}

/** The exit code where the input cannot be read to its end. */
const inputLostCode = 1;

/** Joins a connected client and a console: their news become events, `update` says what to do. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #exit = Promise.withResolvers<number>();
  readonly #connection: KeptConnection;
  readonly #display: MessageDisplay;
  readonly #history: MessageHistory;
  #state: State;
  /** Ends when the login that is under way, if any, has its outcome and that was shown. */
  #login: Promise<void> | undefined;
  #farewell: NodeJS.Timeout | undefined;
  #left = false;

  constructor(options: ShellOptions) {
    const { client, reconnect, secret, console, look, settings = defaultSettings } = options;
    this.#options = options;
    this.#state = initialState({
      script: !look.terminal,
      hides: look.hides ?? false,
      json: look.json?.parse,
      reconnects: look.terminal && reconnect !== undefined,
      settings,
    });
    this.#history = options.history ?? new MessageHistory();
    this.#display = new MessageDisplay({
      console,
      look,
      settings: () => this.#state.settings,
      refresh: () => this.#refresh(),
    });
    this.#connection = new KeptConnection({
      client,
      reconnect,
      secret,
      dispatch: (event) => this.#dispatch(event),
      ready: () => this.#ready(),
      isLeaving: () => this.#state.leaving !== undefined,
      onFault: this.#exit.reject,
    });
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
      this.#connection.start();
      return await this.#exit.promise;
    } finally {
      this.#leave();
      clearTimeout(this.#farewell);
      this.#display.close();
      console.close();
      for (const [signal, listener] of Object.entries(onSignal)) signals.off(signal, listener);
    }
  }

  #startConsole(): void {
    const { console, look, serverName } = this.#options;
    console.start({
      onLine: (text) => {
        this.#connection.hurry();
        this.#dispatch({ type: 'line', text });
      },
      onPaste: (lines) => this.#dispatch({ type: 'pasted', lines }),
      onResize: () => this.#refresh(),
      onKey: () => this.#connection.hurry(),
      onOverlong: (charsMax) => this.#dispatch({ type: 'overlong', charsMax }),
      onEnd: () => this.#dispatch({ type: 'inputEnded' }),
      onInputLost: (text) => {
        this.#display.print({ kind: 'refused', text, code: 'no-input' });
        this.#dispatch({ type: 'hungUp', exitCode: inputLostCode });
      },
      onInterrupt: (typed) => this.#interrupted(typed),
      onHangUp: (exitCode) => this.#dispatch({ type: 'hungUp', exitCode }),
      complete: (line) => this.#complete(line),
    });
    if (look.terminal) this.#display.print(greeting(serverName));
    this.#refresh();
  }

  async #complete(line: string): Promise<Completion> {
    // Loaded at the first Tab: a chat starts without it.
    const { beginningWanted, complete } = await import('./commands/complete.ts');
    const beginning = beginningWanted(this.#state, line);
    const found = beginning === undefined ? [] : await this.#connection.find(beginning);
    return complete(this.#state, line, found);
  }

  /** Waits for the outcome of a login, which says how many messages are unread, and for room on the screen. */
  async #ready(): Promise<void> {
    await this.#login;
    await this.#options.console.drained();
  }

  #dispatch(event: Event): void {
    if (this.#left) return;
    this.#keep(event);
    const before = this.#state;
    const { state, effects } = update(before, event);
    this.#state = state;
    this.#keepDoubt(before);
    for (const effect of effects) this.#perform(effect);
    this.#refresh();
  }

  #refresh(): void {
    if (!this.#left) this.#options.console.refresh(render(this.#state, this.#display.look));
  }

  /** Keeps the messages that an event is about. */
  #keep(event: Event): void {
    const { user = '' } = this.#state;
    const at = Date.now();
    if (event.type === 'message') {
      const { sender: from, body } = event.message;
      this.#addToHistory({ at, user, from, to: user, body });
    } else if (event.type === 'completed' && event.completed.operation === 'send') {
      const { recipient: to, body, outcome } = event.completed;
      const isSent = outcome.status === Status.delivered || outcome.status === Status.stored;
      // A message to oneself comes back.
      if (isSent && to !== user) this.#addToHistory({ at, user, from: user, to, body });
    }
  }

  /** Keeps the send that is in doubt since the state before, if one is. */
  #keepDoubt({ inDoubt, request, user = '' }: State): void {
    if (this.#state.inDoubt <= inDoubt || request?.operation !== 'send') return;
    const { recipient: to, body } = request;
    this.#addToHistory({ at: Date.now(), user, from: user, to, body, inDoubt: true });
  }

  #addToHistory(message: SeenMessage): void {
    const error = this.#history.add(message);
    if (error === undefined) return;
    const text = `the history cannot be written any more, and goes on in memory: ${error.message}`;
    this.#display.print({ kind: 'refused', text });
  }

  #interrupted(typed: boolean): void {
    this.#dispatch({ type: 'interrupted', exitCode: exitCodeOf.interrupt, typed });
  }

  #perform(effect: Effect): void {
    const { console, farewellTimeoutMs } = this.#options;
    switch (effect.type) {
      case 'print':
        this.#display.print(effect.entry);
        return;
      case 'showHistory': {
        const messages = this.#history.of(this.#state.user, effect.name);
        this.#display.print({ kind: 'seen', messages });
        return;
      }
      case 'request': {
        const completed = this.#connection.request(effect.request);
        if (effect.request.operation === 'login') this.#login = completed;
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
        this.#connection
          .close()
          .then(() => this.#dispatch({ type: 'disconnected' }), this.#exit.reject);
        return;
      case 'reconnect':
        this.#connection.reconnect(effect).catch(this.#exit.reject);
        return;
      case 'exit':
        this.#leave();
        this.#exit.resolve(effect.exitCode);
    }
  }

  #leave(): void {
    this.#left = true;
    this.#connection.end();
  }
}
