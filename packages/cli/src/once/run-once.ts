import { setTimeout as delay } from 'node:timers/promises';
import { ChatError, type ExchangeClient, Status } from '@tandem/core';
import { ask } from '../terminal/ask.ts';
import { trimBlanks } from '../terminal/commands/command.ts';
import { problemWith } from '../terminal/commands/field.ts';
import { drained, flushed } from '../terminal/console/drained.ts';
import { InputError, lineCharsMax, readLines } from '../terminal/console/line-reader.ts';
import { renderEntry } from '../terminal/display/render.ts';
import { renderJson } from '../terminal/display/render-json.ts';
import { describeFailure } from '../terminal/state/failure.ts';
import { describeDoubt } from '../terminal/state/outage.ts';
import { describeOutcome } from '../terminal/state/outcome.ts';
import type { CompletedRequest, Entry, Request } from '../terminal/state/state.ts';
import type { Once } from './once-command.ts';

/** The parts that a single command needs. */
export interface RunOnceOptions {
  readonly connect: () => Promise<ExchangeClient>;
  readonly secret: string | undefined;
  readonly json: boolean;
  readonly ask: Once;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errorOutput: NodeJS.WriteStream;
}

/** The longest time that a logout and a goodbye may take, in milliseconds. */
const farewellTimeoutMs = 2_000;

const look = { terminal: false, color: false };

/**
 * Asks a server for one thing, and resolves with the exit code: 0 when it was done, 1 without a
 * connection, 2 when it was refused. No message is taken, so what is unread stays so.
 */
export async function runOnce(options: RunOnceOptions): Promise<number> {
  const run = new Run(options);
  let exitCode: number;
  try {
    exitCode = await run.run();
  } catch (error) {
    if (error instanceof InputError) {
      run.print({ kind: 'refused', text: error.message, code: 'no-input' });
    } else if (error instanceof ChatError) {
      run.print({ kind: 'refused', text: describeFailure(error), code: error.code });
      run.tellDoubt();
    } else throw error;
    exitCode = 1;
  }
  await Promise.all([flushed(options.output), flushed(options.errorOutput)]);
  return exitCode;
}

class Run {
  readonly #options: RunOnceOptions;
  /** The request whose response has not come. */
  #asked: Request | undefined;
  /** The line of standard input that is being sent, for what is said of it; empty for none. */
  #place = '';

  constructor(options: RunOnceOptions) {
    this.#options = options;
  }

  async run(): Promise<number> {
    const { connect, ask: wanted } = this.#options;
    const problem = problemOf(wanted);
    if (problem !== undefined) {
      this.#fail(problem);
      return 2;
    }
    const client = await connect();
    const lost = Promise.withResolvers<never>();
    client.closed.then((error) => {
      if (error !== undefined) lost.reject(error);
    }, lost.reject);
    // A lost connection is said though the next line may never come.
    return Promise.race([this.#askAll(client), lost.promise]);
  }

  async #askAll(client: ExchangeClient): Promise<number> {
    const { ask: wanted } = this.#options;
    const user = wanted.command === 'send' ? wanted.from : 'as' in wanted ? wanted.as : undefined;
    if (user !== undefined && !(await this.#logIn(client, user))) return 2;
    let exitCode = 0;
    for await (const request of this.#requests()) {
      if (!(await this.#askFor(client, request))) exitCode = 2;
      await drained(this.#options.output);
    }
    await leave(client, user);
    return exitCode;
  }

  /** Says what is in doubt of a request without a response. */
  tellDoubt(): void {
    const text = describeDoubt(this.#asked);
    if (text !== undefined)
      this.print({ kind: 'refused', text: this.#place + text, code: 'in-doubt' });
  }

  print(entry: Entry): void {
    const { json, output, errorOutput } = this.#options;
    if (json) output.write(renderJson(entry, new Date()));
    else (entry.kind === 'refused' ? errorOutput : output).write(renderEntry(entry, look));
  }

  #fail(text: string): false {
    this.print({ kind: 'refused', text: this.#place + text });
    return false;
  }

  async *#requests(): AsyncGenerator<Wanted> {
    const { ask: wanted, input } = this.#options;
    switch (wanted.command) {
      case 'register':
        yield { operation: 'register', username: wanted.username };
        return;
      case 'search':
        yield { operation: 'search', query: wanted.query };
        return;
      case 'send': {
        const send = { operation: 'send', recipient: wanted.to } as const;
        if (wanted.text !== '-') {
          yield { ...send, body: wanted.text };
          return;
        }
        let number = 0;
        for await (const body of readLines(input)) {
          number += 1;
          this.#place = `line ${number}: `;
          if (body === undefined || trimBlanks(body) !== '') yield { ...send, body };
        }
      }
    }
  }

  async #logIn(client: ExchangeClient, username: string): Promise<boolean> {
    const completed = await this.#ask(client, { operation: 'login', username });
    if ('unread' in completed.outcome) return true;
    this.#tell(completed);
    await leave(client, undefined);
    return false;
  }

  /** Asks for one thing and says what came of it. Returns false where it was refused. */
  async #askFor(client: ExchangeClient, wanted: Wanted): Promise<boolean> {
    if (!isWhole(wanted)) {
      return this.#fail(
        `a line has at most ${lineCharsMax} characters; this longer one was skipped`,
      );
    }
    const request: Request = wanted;
    if (request.operation === 'send') {
      const problem = problemWith('message', request.body, undefined);
      if (problem !== undefined) return this.#fail(problem);
    }
    for (;;) {
      const completed = await this.#ask(client, request);
      const waitS = 'retryAfterS' in completed.outcome ? completed.outcome.retryAfterS : undefined;
      // Lines have no hurry: the server says when the next one may come.
      if (this.#place === '' || waitS === undefined) return this.#tell(completed);
      await delay(waitS * 1_000);
    }
  }

  async #ask(client: ExchangeClient, request: Request): Promise<CompletedRequest> {
    this.#asked = request;
    const completed = await ask(client, request, this.#options.secret);
    this.#asked = undefined;
    return completed;
  }

  #tell(completed: CompletedRequest): boolean {
    const entries = describeOutcome(completed, undefined).map(
      (entry): Entry =>
        entry.kind === 'refused' ? { ...entry, text: this.#place + entry.text } : entry,
    );
    if (this.#options.json) this.print({ kind: 'outcome', completed, entries });
    else for (const entry of forProgram(completed, entries)) this.print(entry);
    return entries.every(({ kind }) => kind !== 'refused');
  }
}

/** A request; a send has no body where its line was too long to keep. */
type Wanted =
  | Request
  | { readonly operation: 'send'; readonly recipient: string; readonly body: undefined };

function isWhole(wanted: Wanted): wanted is Request {
  return wanted.operation !== 'send' || wanted.body !== undefined;
}

/** Leaves only the names of a search for a program that reads them; other words go to standard error. */
function forProgram({ operation }: CompletedRequest, entries: readonly Entry[]): readonly Entry[] {
  if (operation !== 'search') return entries;
  return entries.flatMap((entry): Entry[] => {
    if (entry.kind !== 'said') return [entry];
    return entry.text.endsWith(':') ? [] : [{ kind: 'refused', text: entry.text }];
  });
}

/** Says what of a line can be no request, before a connection is made for it. */
function problemOf(wanted: Once): string | undefined {
  const none = undefined;
  switch (wanted.command) {
    case 'register':
      return problemWith('username', wanted.username, none);
    case 'search':
      return (
        problemWith('query', wanted.query, none) ??
        (wanted.as === undefined ? none : problemWith('username', wanted.as, none))
      );
    case 'send':
      return (
        problemWith('username', wanted.from, none) ??
        problemWith('recipient', wanted.to, none) ??
        (wanted.text === '-' ? none : problemWith('message', wanted.text, none))
      );
  }
}

/** Logs out and disconnects, and waits for that no longer than a farewell may take. */
async function leave(client: ExchangeClient, user: string | undefined): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(timer.resolve, farewellTimeoutMs);
  const farewell = async () => {
    // What was asked for is done; a connection that breaks now changes nothing of it.
    if (user !== undefined) await client.logout().catch(() => Status.unknownError);
    await client.close();
  };
  await Promise.race([farewell(), timer.promise]);
  clearTimeout(timeout);
}
