import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Exit,
  type ServerCommand,
  type ServerPorts,
  ServerProcess,
} from '../../server/server-process.ts';
import { withTimeout } from '../../timeout.ts';
import type { ServerCost } from '../report/run-report.ts';
import { memoryLeftBytesMax } from '../report/verdicts.ts';
import { type LoggedLines, ServerLog } from './server-log.ts';
import { ServerWatch, type Usage } from './server-watch.ts';

/** The options with which the server starts. */
export interface AttackedServerOptions {
  readonly command: ServerCommand;
  readonly dataDirectory: string;
  readonly store: 'sqlite' | 'memory';
  /** Options passed on to `serve`. */
  readonly serve: readonly string[];
  readonly launcher: readonly string[];
  /** The cores that it may use; those of this process by default. */
  readonly cores: number | undefined;
  /** True to read the server's figures for its operator. */
  readonly figures: boolean;
  /** The longest wait for it to be idle, in milliseconds; five seconds by default. */
  readonly calmPatienceMs?: number | undefined;
  /** The longest time to watch memory after an attack, in milliseconds; 30 seconds by default. */
  readonly backPatienceMs?: number | undefined;
}

const startTimeoutMs = 30_000;
const calmPatienceDefaultMs = 5_000;
const sampleMs = 500;
const lookMs = 100;
// A login with another secret than the account's is answered 14. [P-4.7]
const wrongSecretCount =
  /^rpc_server_call_duration_seconds_count\{(?=[^}]*operation="loginWithSecret")(?=[^}]*code="14")[^}]*\} (\d+)$/gm;
const noSecretWaits = /^tandem_secrets_waiting 0$/m;
// The time in which a server checks the secrets that wait, on a busy machine.
const secretsPatienceMs = 15_000;
// The time in which the server releases the memory of closed connections, once it is quiet.
const backPatienceDefaultMs = 30_000;
const stopPatienceDefaultMs = 15_000;

/** A server under attack, and the cost of the attack. */
export class AttackedServer {
  readonly host: string;
  readonly ports: ServerPorts;
  readonly #process: ServerProcess;
  readonly #watch: ServerWatch;
  readonly #log: ServerLog;
  readonly #calmPatienceMs: number;
  readonly #backPatienceMs: number;
  #lastUsage: Usage = { rssBytes: 0, descriptors: 0, cpuMs: 0, waitedMs: 0 };
  #ending = false;
  #death: string | undefined;

  private constructor(
    process: ServerProcess,
    ports: ServerPorts,
    log: ServerLog,
    patience: Pick<AttackedServerOptions, 'calmPatienceMs' | 'backPatienceMs'>,
  ) {
    this.#calmPatienceMs = patience.calmPatienceMs ?? calmPatienceDefaultMs;
    this.#backPatienceMs = patience.backPatienceMs ?? backPatienceDefaultMs;
    this.host = process.host;
    this.ports = ports;
    this.#process = process;
    this.#watch = new ServerWatch(process.pid);
    this.#log = log;
    void process.exited.then(({ code, signal }) => {
      if (!this.#ending) this.#death = `ended by itself with ${signal ?? code}:\n${process.log}`;
    });
  }

  /**
   * The way in which it ended by itself, and the end of its log; undefined while it runs or when it
   * was stopped.
   */
  get death(): string | undefined {
    return this.#death;
  }

  /** Resolves when it listens. Rejects with its log when it does not. */
  static async start(options: AttackedServerOptions): Promise<AttackedServer> {
    const log = new ServerLog();
    const process = new ServerProcess(options.command, options.dataDirectory, {
      options: [
        ...['--store', options.store, '--log-format', 'json'],
        ...(options.figures ? ['--admin-port', '0'] : []),
        ...options.serve,
      ],
      launcher: options.launcher,
      cores: options.cores,
      onLog: (text) => log.write(text),
    });
    const ports = await withTimeout(process.listening, startTimeoutMs);
    if (ports === undefined) {
      process.signal('SIGKILL');
      await process.exited;
      throw new Error(`the server did not start:\n${process.log}`);
    }
    return new AttackedServer(process, ports, log, options);
  }

  /** Waits until it is almost idle, at most for the configured time. */
  async calm(): Promise<void> {
    await this.#watch.calm(this.#calmPatienceMs);
  }

  /** Returns the lines that it logged since the last call. */
  takeLog(): LoggedLines {
    return this.#log.take();
  }

  /**
   * Returns the number of wrong secrets that it has checked, by its own figures; undefined when it
   * gives none. Waits first until no secret waits to be checked, at most 15 seconds.
   */
  async wrongSecrets(): Promise<number | undefined> {
    const untilMs = performance.now() + secretsPatienceMs;
    let figures = await this.#figures();
    while (figures !== undefined && !noSecretWaits.test(figures) && performance.now() < untilMs) {
      await sleep(lookMs);
      figures = await this.#figures();
    }
    const counts = figures?.matchAll(wrongSecretCount);
    return counts && [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /**
   * Measures the cost of an action. After the action, memory counts as released once it is within 100 MB of
   * what it was; it is watched for 30 seconds, or for the configured time.
   */
  async costOf<Result>(perform: () => Promise<Result>): Promise<[Result, ServerCost]> {
    const before = this.#usage();
    this.#watch.resetPeak();
    const startedAtMs = performance.now();
    const descriptors = [before.descriptors];
    const sampling = setInterval(() => descriptors.push(this.#usage().descriptors), sampleMs);
    let result: Result;
    try {
      result = await perform();
    } finally {
      clearInterval(sampling);
    }
    const tookMs = performance.now() - startedAtMs;
    const used = this.#usage();
    const cpuShare = (used.cpuMs - before.cpuMs) / tookMs;
    const waitedShare = (used.waitedMs - before.waitedMs) / tookMs;
    const backAfterMs = await this.#back(before);
    const after = this.#usage();
    return [
      result,
      {
        rssBeforeBytes: before.rssBytes,
        rssPeakBytes: this.#watch.peakRssBytes(),
        rssAfterBytes: after.rssBytes,
        backAfterMs,
        descriptorsBefore: before.descriptors,
        descriptorsPeak: Math.max(...descriptors),
        descriptorsAfter: after.descriptors,
        cpuShare,
        waitedShare,
      },
    ];
  }

  /**
   * Sends SIGTERM. Resolves with the exit and the time that it took; undefined when it had to be killed,
   * `patienceMs` after its grace.
   */
  async stop(
    graceMs: number,
    patienceMs = stopPatienceDefaultMs,
  ): Promise<{ exit: Exit | undefined; tookMs: number }> {
    const startedAtMs = performance.now();
    this.#ending = true;
    this.#process.signal('SIGTERM');
    const exit = await withTimeout(this.#process.exited, graceMs + patienceMs);
    const tookMs = performance.now() - startedAtMs;
    await this.kill();
    return { exit, tookMs };
  }

  /** Kills it. May be called twice. */
  async kill(): Promise<void> {
    this.#ending = true;
    this.#process.signal('SIGKILL');
    await this.#process.exited;
  }

  async #figures(): Promise<string | undefined> {
    const port = this.#log.operatorPort;
    if (port === undefined) return undefined;
    const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    return response?.ok === true ? response.text() : undefined;
  }

  /** Returns the time after which memory was back, in milliseconds; undefined if it was not. */
  async #back(before: Usage): Promise<number | undefined> {
    const goneAtMs = performance.now();
    const isBack = () => this.#usage().rssBytes <= before.rssBytes + memoryLeftBytesMax;
    const waitedMs = () => performance.now() - goneAtMs;
    while (!isBack() && waitedMs() < this.#backPatienceMs && this.#death === undefined)
      await sleep(lookMs);
    return isBack() ? waitedMs() : undefined;
  }

  /** The last values of a server that has ended. */
  #usage(): Usage {
    this.#lastUsage = this.#watch.usage() ?? this.#lastUsage;
    return this.#lastUsage;
  }
}
