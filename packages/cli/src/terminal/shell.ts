import type { EventEmitter } from 'node:events';
import { type ChatClient, ChatError, Status } from '@tandem/core';
import { ask } from './ask.ts';
import { type ChatConsole, exitCodeOf } from './chat-console.ts';
import { beginningWanted, type Completion, complete } from './complete.ts';
import { MessageHistory, type SeenMessage } from './message-history.ts';
import { NameLookup } from './name-lookup.ts';
import { pauseMs } from './outage.ts';
import { dayOf, greeting, type Look, render, renderDay, renderEntry } from './render.ts';
import { ScreenBudget } from './screen-budget.ts';
import { defaultSettings, type Settings } from './setting.ts';
import {
  type Effect,
  type Entry,
  type Event,
  initialState,
  type Request,
  type State,
} from './state.ts';
import { update } from './update.ts';

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

/** The time without a message after which a burst is over, in milliseconds. */
const burstEndMs = 250;

/** The shortest time from one bell to the next, in milliseconds. */
const bellPauseMs = 1_000;

/** Joins a connected client and a console: their news become events, `update` says what to do. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #exit = Promise.withResolvers<number>();
  #client: ChatClient;
  #names: NameLookup;
  /** Ends the pause before an attempt to connect, if there is one. */
  #endPause: (() => void) | undefined;
  readonly #history: MessageHistory;
  readonly #budget = new ScreenBudget();
  #skipping: NodeJS.Timeout | undefined;
  /** The day of the message that was shown last. */
  #day = dayOf(new Date());
  #bellRungAtMs = 0;
  #state: State;
  /** Ends when the login that is under way, if any, was answered and the answer was shown. */
  #login: Promise<void> | undefined;
  #farewell: NodeJS.Timeout | undefined;
  #left = false;
  /** Clients whose connection broke. */
  readonly #lost = new WeakSet<ChatClient>();

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#names = new NameLookup(options.client);
    const { terminal, hides = false, json } = options.look;
    const reconnects = terminal && options.reconnect !== undefined;
    const { settings = defaultSettings } = options;
    this.#state = initialState({
      script: !terminal,
      hides,
      json: json?.parse,
      reconnects,
      settings,
    });
    this.#history = options.history ?? new MessageHistory();
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
      this.#follow(this.#client);
      return await this.#exit.promise;
    } finally {
      this.#left = true;
      clearTimeout(this.#farewell);
      this.#endPause?.();
      clearTimeout(this.#skipping);
      console.close();
      for (const [signal, listener] of Object.entries(onSignal)) signals.off(signal, listener);
    }
  }

  #startConsole(): void {
    const { console, look, serverName } = this.#options;
    console.start({
      onLine: (text) => {
        this.#endPause?.();
        this.#dispatch({ type: 'line', text });
      },
      onPaste: (lines) => this.#dispatch({ type: 'pasted', lines }),
      onResize: () => this.#refresh(),
      onKey: () => this.#endPause?.(),
      onOverlong: (charsMax) => this.#dispatch({ type: 'overlong', charsMax }),
      onEnd: () => this.#dispatch({ type: 'inputEnded' }),
      onInterrupt: (typed) => this.#interrupted(typed),
      onHangUp: (exitCode) => this.#dispatch({ type: 'hungUp', exitCode }),
      complete: (line) => this.#complete(line),
    });
    if (look.terminal) this.#perform({ type: 'print', entry: greeting(serverName) });
    this.#refresh();
  }

  async #complete(line: string): Promise<Completion> {
    const beginning = beginningWanted(this.#state, line);
    const found = beginning === undefined ? [] : await this.#names.find(beginning);
    return complete(this.#state, line, found);
  }

  #follow(client: ChatClient): void {
    this.#takeMessages(client).catch(this.#exit.reject);
    client.closed.then((error) => {
      if (error !== undefined) this.#broken(client, error);
    }, this.#exit.reject);
  }

  /** A client broke. What it has handed out and was not shown is not shown any more: it comes again. */
  #broken(client: ChatClient, error: ChatError): void {
    if (client !== this.#client) return;
    const { resumption } = client;
    this.#lost.add(client);
    this.#dispatch({ type: 'broken', error, resumption });
  }

  /**
   * Shows each message before it comes back for the next, which acknowledges it: what was not shown
   * is unread. Messages of a login wait until its answer, which says how many they are, was shown.
   */
  async #takeMessages(client: ChatClient): Promise<void> {
    const { console } = this.#options;
    let next = client.messages.next();
    for (;;) {
      const { done, value: message } = await next;
      if (done) return;
      await this.#login;
      await console.drained();
      if (this.#left || this.#lost.has(client)) return;
      this.#dispatch({ type: 'message', message });
      next = client.messages.next();
      this.#dispatch({ type: 'taken', message });
    }
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
    if (!this.#left) this.#options.console.refresh(render(this.#state, this.#look));
  }

  /** The look of the terminal as the settings have it now. */
  get #look(): Look {
    const { look, console } = this.#options;
    const { color, time, status } = this.#state.settings;
    return {
      ...look,
      columns: console.columns,
      color: color === 'auto' ? look.color : color === 'always' && look.terminal,
      time: look.terminal && time === 'on',
      status: status === 'on' ? look.status : undefined,
    };
  }

  /** Keeps the messages that an event is about. */
  #keep(event: Event): void {
    const { user = '' } = this.#state;
    const at = Date.now();
    if (event.type === 'message') {
      const { sender: from, body } = event.message;
      this.#addToHistory({ at, user, from, to: user, body });
    } else if (event.type === 'answered' && event.answer.operation === 'send') {
      const { recipient: to, body, outcome } = event.answer;
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
    this.#print({ kind: 'refused', text });
  }

  #print(entry: Entry): void {
    const { console } = this.#options;
    const at = new Date();
    const look = this.#look;
    if (look.json) {
      console.print(look.json.render(entry, at), false);
      return;
    }
    if (look.terminal && entry.kind === 'message') {
      if (!this.#budget.admits(at.getTime())) {
        this.#tellSkipped();
        return;
      }
      if (look.time && dayOf(at) !== this.#day) console.print(renderDay(at, look), false);
      this.#day = dayOf(at);
    }
    const bell = entry.kind === 'message' && this.#rings(at.getTime()) ? '\x07' : '';
    console.print(bell + renderEntry(entry, look, at), entry.kind === 'refused');
  }

  /** Says how many messages of a burst were not shown, once it is over. */
  #tellSkipped(): void {
    clearTimeout(this.#skipping);
    this.#skipping = setTimeout(() => {
      const text = `${this.#budget.takeSkipped()} messages came too fast to be shown; "history" has them`;
      this.#print({ kind: 'said', text });
      this.#refresh();
    }, burstEndMs);
  }

  #rings(atMs: number): boolean {
    const { look } = this.#options;
    if (!look.terminal || this.#state.settings.bell === 'off') return false;
    if (atMs - this.#bellRungAtMs < bellPauseMs) return false;
    this.#bellRungAtMs = atMs;
    return true;
  }

  #interrupted(typed: boolean): void {
    this.#dispatch({ type: 'interrupted', exitCode: exitCodeOf.interrupt, typed });
  }

  #perform(effect: Effect): void {
    const { console, farewellTimeoutMs } = this.#options;
    switch (effect.type) {
      case 'print':
        this.#print(effect.entry);
        return;
      case 'showHistory':
        this.#print({ kind: 'seen', messages: this.#history.of(this.#state.user, effect.name) });
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
        this.#client
          .close()
          .then(() => this.#dispatch({ type: 'disconnected' }), this.#exit.reject);
        return;
      case 'reconnect':
        this.#reconnect(effect).catch(this.#exit.reject);
        return;
      case 'exit':
        this.#left = true;
        this.#exit.resolve(effect.exitCode);
    }
  }

  /** Pauses, connects, and says what came of it. A client that connects too late is closed. */
  async #reconnect({
    attempt,
    retryAfterS = 0,
  }: Extract<Effect, { type: 'reconnect' }>): Promise<void> {
    const { reconnect } = this.#options;
    if (reconnect === undefined) return;
    await this.#client.close();
    const pause = Promise.withResolvers<boolean>();
    const ms = Math.max(pauseMs(attempt, Math.random()), retryAfterS * 1_000);
    const timer = setTimeout(() => pause.resolve(false), ms);
    this.#endPause = () => pause.resolve(true);
    const isHurried = await pause.promise;
    clearTimeout(timer);
    this.#endPause = undefined;
    if (this.#left || this.#state.leaving !== undefined) return;
    if (isHurried) this.#dispatch({ type: 'hurried' });
    try {
      const client = await reconnect();
      if (this.#left || this.#state.leaving !== undefined) return void client.close();
      this.#client = client;
      this.#names = new NameLookup(client);
      this.#follow(client);
      this.#dispatch({ type: 'connected' });
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#dispatch({ type: 'connectFailed', error });
    }
  }

  /** Never rejects. */
  async #request(request: Request): Promise<void> {
    const { secret } = this.#options;
    const client = this.#client;
    try {
      this.#dispatch({ type: 'answered', answer: await ask(client, request, secret) });
    } catch (error) {
      if (error instanceof ChatError) this.#broken(client, error);
      else this.#exit.reject(error);
    }
  }
}
