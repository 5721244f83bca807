import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { makeData } from './data.ts';
import { binaries, commandOf, endingWithThis, hasPostgres, isRoot } from './programs.ts';

export { Traffic } from '../../src/postgres/traffic/traffic.ts';
export { binaries, endingWithThis, hasPostgres };

const port = 5432;

// The schema stays: to make it takes longer than a test. A server process holds the lock of its node for a
// moment after the node has closed its connection.
const emptySql = `
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ BEGIN
  IF to_regclass('tandem.schema_version') IS NOT NULL THEN
    TRUNCATE tandem.nodes, tandem.leases, tandem.accounts, tandem.names, tandem.messages, tandem.leftovers,
      tandem.blocks, tandem.bans;
  END IF;
END $$`;

/** The options of a cluster. */
export interface ClusterOptions {
  /** An empty directory for its data; by default one for temporary files. */
  readonly data?: string;
  /** True when a commit waits for the disk, as it does by PostgreSQL's defaults. */
  readonly syncs?: boolean;
}

// A server that was killed has processes that end a little later, and until then another does not start.
const [triesMax, tryAgainAfterMs] = [100, 50];
const stillThere = /shared memory block|lock file/;

/**
 * A PostgreSQL of a test's own, on a Unix socket in a temporary directory. By default, nothing of it is synced: a
 * crash of a process loses nothing that was written, and one of the machine may.
 */
export class TestCluster {
  readonly directory: string;
  /** The directory of its data. */
  readonly data: string;
  readonly #syncs: boolean;
  readonly #follows: TestCluster | undefined;
  #server: ChildProcess | undefined;
  #databases = 0;
  #emptied: string | undefined;

  private constructor(options: ClusterOptions, follows?: TestCluster) {
    // The path of a socket is short, and that of the data may be long.
    this.directory = mkdtempSync(join(tmpdir(), 'tandem-postgres-'));
    this.data = options.data ?? join(this.directory, 'data');
    this.#syncs = options.syncs ?? false;
    this.#follows = follows;
    if (!isRoot) return;
    const [user, group] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, 'postgres'])),
    );
    for (const one of [this.directory, options.data]) {
      if (one !== undefined) chownSync(one, user as number, group as number);
    }
  }

  static async start(options: ClusterOptions = {}): Promise<TestCluster> {
    const cluster = new TestCluster(options);
    try {
      await makeData(cluster.data);
      await cluster.begin();
    } catch (error) {
      await cluster.end();
      throw error;
    }
    return cluster;
  }

  /** Starts the server, after a {@link halt}. */
  async begin(): Promise<void> {
    for (let tries = 1; ; tries++) {
      const failure = await this.#tryToBegin();
      if (failure === undefined) return;
      if (tries === triesMax || !stillThere.test(failure)) throw new Error(failure);
      await delay(tryAgainAfterMs);
    }
  }

  /** Returns why the server has not started; undefined when it has. */
  async #tryToBegin(): Promise<string | undefined> {
    const settings = [
      `unix_socket_directories=${this.directory}`,
      'listen_addresses=',
      // Whatever PGPORT says.
      `port=${port}`,
      `fsync=${this.#syncs ? 'on' : 'off'}`,
      'wal_retrieve_retry_interval=100ms',
      ...(this.#follows === undefined ? [] : [`primary_conninfo=${this.#follows.#address}`]),
    ];
    const args = ['-D', this.data, ...settings.flatMap((setting) => ['-c', setting])];
    const [command, rest] = commandOf('postgres', args);
    const server = spawn(command, rest, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
      // A Ctrl-C is for this process, which ends it then.
      detached: true,
    });
    this.#server = server;
    const lines: string[] = [];
    for await (const line of createInterface(server.stderr)) {
      lines.push(line);
      if (!line.includes('ready to accept')) continue;
      server.stderr.resume();
      return undefined;
    }
    return `PostgreSQL did not start:\n${lines.join('\n')}`;
  }

  /** Stops the server: at once, as a crash of it does, or by a SIGKILL of its first process. */
  async halt(how: 'fast' | 'immediate' | 'kill' = 'fast'): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill(({ fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const)[how]);
    await once(server, 'exit');
  }

  /** Starts a standby of this server. Every commit that asks for it waits for the standby from then on. */
  async addStandby(): Promise<TestCluster> {
    const standby = new TestCluster({ syncs: this.#syncs }, this);
    const copied = ['-D', standby.data, '-d', this.#address, '--checkpoint=fast', '--no-sync'];
    try {
      await promisify(execFile)(...commandOf('pg_basebackup', copied), { cwd: '/' });
      writeFileSync(join(standby.data, 'standby.signal'), '');
      await standby.begin();
      await this.query('postgres', "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
      await this.query('postgres', 'SELECT pg_reload_conf()');
      const waits = "SELECT FROM pg_stat_replication WHERE sync_state = 'sync'";
      while ((await this.query('postgres', waits)).length === 0) await delay(tryAgainAfterMs);
    } catch (error) {
      await standby.end();
      throw error;
    }
    return standby;
  }

  /** Makes a standby a server that takes writes. */
  async promote(): Promise<void> {
    await this.query('postgres', 'SELECT pg_promote()');
  }

  /** The path of the Unix socket on which it listens. */
  get socket(): string {
    return join(this.directory, `.s.PGSQL.${port}`);
  }

  get #address(): string {
    return `host=${this.directory} port=${port} user=tandem application_name=standby`;
  }

  /** Stops the server, and removes what it had. */
  async end(): Promise<void> {
    await this.halt('immediate');
    for (const directory of [this.directory, this.data]) {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /** Kills the server as the last thing that this process does; what it had is removed a second later. */
  endNow(): void {
    this.#server?.kill('SIGKILL');
    // Its other processes end when they see that, and files may still come; and a large directory takes long.
    const remove = ['-c', 'sleep 1; rm -rf "$@"', 'sh', this.directory, this.data];
    spawn('sh', remove, { detached: true, stdio: 'ignore' });
  }

  /** The process of the server that has started its others; undefined when it has ended. */
  get pid(): number | undefined {
    return this.#server?.exitCode === null ? this.#server.pid : undefined;
  }

  /** Makes an empty database, and returns its URL. */
  async newDatabase(): Promise<string> {
    const name = `test${++this.#databases}`;
    await this.query('postgres', `CREATE DATABASE ${name}`);
    return this.urlOf(name);
  }

  /** Returns the URL of a database that is empty, and used again by the next who asks: quicker than a new one. */
  async emptyDatabase(): Promise<string> {
    this.#emptied ??= await this.newDatabase();
    await this.query(this.#emptied, emptySql);
    return this.#emptied;
  }

  /** Returns the URL of a database. */
  urlOf(name: string, user = 'tandem'): string {
    return `postgres:///${name}?host=${this.directory}&port=${port}&user=${user}`;
  }

  /** Connects to a database, given by its name or its URL. */
  async connect(database: string): Promise<pg.Client> {
    const connectionString = database.includes(':') ? database : this.urlOf(database);
    const client = new pg.Client({ connectionString });
    await client.connect();
    return client;
  }

  /** Asks a database, given by its name or its URL. */
  async query<Row extends object>(database: string, sql: string): Promise<Row[]> {
    const client = await this.connect(database);
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}

/** Returns the name of the database of a URL. */
export function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
