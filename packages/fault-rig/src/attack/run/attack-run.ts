import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerCertificate, writeCertificate } from '../../server/certificate.ts';
import type { ServerCommand } from '../../server/server-process.ts';
import type { Attack, Population } from '../attacks/attack.ts';
import type { HonestKind } from '../honest/protocol.ts';
import type { AttackReport, RunReport, Verdict } from '../report/run-report.ts';
import { judgeAttack, judgeStop, judgeTroubles } from '../report/verdicts.ts';
import { AttackedServer } from './attacked-server.ts';
import { Attackers } from './attackers.ts';
import { HonestClients, type HonestResult } from './honest-clients.ts';
import { noteOn, type OpenFiles, openFiles } from './open-files.ts';
import type { Placement } from './placement.ts';
import { populate, victimNames } from './population.ts';
import { troublesOfData } from './stored-data.ts';

/** The options of a run: the server, the attacks and their duration. */
export interface AttackRunOptions {
  readonly command: ServerCommand;
  /** The attacks, which are made one after the other on one server. */
  readonly attacks: readonly Attack[];
  /** The duration of each attack, in seconds. */
  readonly seconds: number;
  /** The time that the honest clients are alone before, in seconds. */
  readonly baselineSeconds: number;
  readonly store: 'sqlite' | 'memory';
  /** Options passed on to `serve`. */
  readonly serve: readonly string[];
  readonly placement: Placement;
  /** The most accounts that are made for long searches; by default as many as an attack needs. */
  readonly namesMax?: number;
  /**
   * The time after which a request of an honest client counts as not served, in milliseconds. By default ten
   * seconds, and 30 from a request to its response.
   */
  readonly honestPatienceMs?: number;
  /** The longest wait for a busy server before it is measured, in milliseconds; five seconds by default. */
  readonly calmPatienceMs?: number;
  /** The longest time to watch memory after an attack, in milliseconds; 30 seconds by default. */
  readonly backPatienceMs?: number;
  /** The time that a stop may take beyond its grace, in milliseconds; two seconds by default, and killed after 15. */
  readonly stopMarginMs?: number;
  /** Ends the attack under way, and begins no other. */
  readonly stopped: AbortSignal;
  /** Called with a description of each phase, in a few words. */
  readonly onPhase?: (phase: string) => void;
}

const always: readonly HonestKind[] = ['framed send', 'converse send'];
const graceDefaultSeconds = 5;
const attackBeforeStopMsMax = 1_000;

/** Starts a server, attacks it in each way in turn, and stops it while the last goes on. */
export async function runAttacks(options: AttackRunOptions): Promise<RunReport> {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-attack-'));
  // For every end of this process at which it can still run code.
  const remove = () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  try {
    return await new AttackRun(options, directory).run();
  } finally {
    process.off('exit', remove);
    remove();
  }
}

class AttackRun {
  readonly #options: AttackRunOptions;
  readonly #dataDirectory: string;
  readonly #needs: Required<Population>;
  readonly #kinds: readonly HonestKind[];
  readonly #openFiles: OpenFiles;
  /** The directory for the certificate of the server; undefined when it has none. */
  readonly #certificateDirectory: string | undefined;
  #certificate: ServerCertificate | undefined;

  constructor(options: AttackRunOptions, directory: string) {
    this.#options = options;
    this.#dataDirectory = join(directory, 'data');
    const tls = options.attacks.some(({ tls }) => tls === true);
    this.#certificateDirectory = tls ? directory : undefined;
    const { attacks, namesMax = Number.POSITIVE_INFINITY } = options;
    const most = (need: keyof Population) =>
      Math.max(0, ...attacks.map(({ needs }) => needs?.[need] ?? 0));
    const names = Math.min(most('names'), namesMax);
    this.#needs = {
      names,
      unread: most('unread'),
      victims: most('victims'),
      guarded: most('guarded'),
    };
    const descriptors = options.attacks.flatMap(({ descriptors }) => descriptors ?? []);
    this.#openFiles = openFiles(descriptors.length === 0 ? undefined : Math.min(...descriptors));
    this.#kinds = [...new Set([...always, ...attacks.flatMap(({ honest = [] }) => honest)])];
  }

  async run(): Promise<RunReport> {
    const server = await this.#startServer();
    let clients: HonestClients | undefined;
    try {
      const { host, ports } = server;
      this.#phase('making accounts');
      await populate({ host, port: ports.socket, needs: this.#needs });
      const launcher = this.#options.placement.others;
      const { names } = this.#needs;
      clients = await HonestClients.start({
        kinds: this.#kinds,
        host,
        ports,
        names,
        launcher,
        fingerprint: this.#certificate?.fingerprint,
        patienceMs: this.#options.honestPatienceMs,
      });
      await server.calm();
      const baseline = await this.#baseline(clients);
      const attacks: AttackReport[] = [];
      for (const attack of this.#options.attacks) {
        if (this.#stopped || server.death !== undefined) break;
        attacks.push(await this.#attack(attack, server, clients));
      }
      const messages = judgeTroubles('messages', await clients.leave(), 'each came once, in order');
      const { stoppedInMs, verdicts } = await this.#end(server);
      return { baseline, attacks, stoppedInMs, verdicts: [messages, ...verdicts] };
    } finally {
      await clients?.kill();
      await server.kill();
    }
  }

  async #startServer(): Promise<AttackedServer> {
    this.#phase('starting');
    if (this.#certificateDirectory !== undefined) {
      this.#certificate = await writeCertificate(this.#certificateDirectory);
    }
    const { command, store, serve, placement, attacks, ...patience } = this.#options;
    return AttackedServer.start({
      command,
      dataDirectory: this.#dataDirectory,
      store,
      serve: [...(this.#certificate?.options ?? []), ...serve],
      figures: attacks.some(({ tries }) => tries !== undefined),
      calmPatienceMs: patience.calmPatienceMs,
      backPatienceMs: patience.backPatienceMs,
      cores: placement.server.length > 0 ? 1 : undefined,
      launcher: [...placement.server, ...this.#openFiles.launcher],
    });
  }

  async #baseline(clients: HonestClients): Promise<HonestResult[]> {
    this.#phase('nobody attacks');
    await clients.measure();
    await this.#wait(this.#options.baselineSeconds * 1000);
    return clients.collect(this.#kinds);
  }

  async #attack(
    attack: Attack,
    server: AttackedServer,
    clients: HonestClients,
  ): Promise<AttackReport> {
    const { seconds } = this.#options;
    const attackers = await this.#attackers(attack, server, seconds * 1000);
    await server.calm();
    server.takeLog();
    this.#phase(`${attack.name} attacks`);
    await clients.measure();
    const before = attack.tries === undefined ? undefined : await server.wrongSecrets();
    const beganAtMs = performance.now();
    const stop = () => attackers.stop();
    this.#options.stopped.addEventListener('abort', stop);
    if (this.#stopped) stop();
    const [result, cost] = await server.costOf(async () => {
      const counts = await attackers.attack();
      this.#phase(`${attack.name} is over, memory comes back`);
      const kinds = [...always, ...(attack.honest ?? [])];
      return { counts, honest: await clients.collect(kinds) };
    });
    const after = before === undefined ? undefined : await server.wrongSecrets();
    const afterSeconds = (performance.now() - beganAtMs) / 1_000;
    const count = after === undefined || before === undefined ? undefined : after - before;
    const tried = count === undefined ? undefined : { count, afterSeconds };
    this.#options.stopped.removeEventListener('abort', stop);
    const { counts, honest } = result;
    const log = server.takeLog();
    const verdicts = judgeAttack({ attack, seconds, honest, server: cost, log, tried });
    const note = noteOn(this.#openFiles, counts);
    return { attack: attack.name, note, seconds, honest, server: cost, counts, log, verdicts };
  }

  /** Sends SIGTERM while the last attack goes on. */
  async #end(
    server: AttackedServer,
  ): Promise<{ stoppedInMs: number; verdicts: readonly Verdict[] }> {
    const last = this.#options.attacks.at(-1);
    const graceMs = graceSeconds(this.#options.serve) * 1000;
    const beforeMs = Math.min(this.#options.seconds * 1000, attackBeforeStopMsMax);
    const forMs = beforeMs + 2 * graceMs;
    const attackers =
      last === undefined || this.#stopped || server.death !== undefined
        ? undefined
        : await this.#attackers(last, server, forMs);
    this.#phase('stopping under attack');
    const attack = attackers?.attack();
    if (attackers !== undefined) await this.#wait(beforeMs);
    const { stopMarginMs } = this.#options;
    const { exit, tookMs } = await server.stop(graceMs, stopMarginMs);
    await attackers?.kill();
    await attack;
    const stop = judgeStop(exit, tookMs, graceMs, server.death, stopMarginMs);
    if (this.#options.store === 'memory') return { stoppedInMs: tookMs, verdicts: [stop] };
    this.#phase('checking the data');
    const troubles = await troublesOfData(this.#options.command, this.#dataDirectory);
    const data = judgeTroubles('data', troubles, 'whole, and served again');
    return { stoppedInMs: tookMs, verdicts: [stop, data] };
  }

  #attackers(attack: Attack, server: AttackedServer, forMs: number): Promise<Attackers> {
    const order = {
      attack: attack.name,
      host: server.host,
      ports: server.ports,
      parts: attack.processes ?? 1,
      victims: victimNames(this.#needs),
      forMs,
    };
    return Attackers.start(order, this.#options.placement.others);
  }

  get #stopped(): boolean {
    return this.#options.stopped.aborted;
  }

  async #wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#options.stopped }).catch(() => {});
  }

  #phase(phase: string): void {
    this.#options.onPhase?.(phase);
  }
}

/** The time that the server has for its stop, from its options or by default. */
function graceSeconds(serve: readonly string[]): number {
  const said = serve.map((option, at) =>
    option === '--stop-grace' ? serve[at + 1] : /^--stop-grace=(.*)/.exec(option)?.[1],
  );
  return Number(said.findLast((seconds) => seconds !== undefined) ?? graceDefaultSeconds);
}
