import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { endingWithThis, findPostgres } from './programs.ts';

export { endingWithThis };

const binaries = findPostgres();

/** False where no PostgreSQL is installed: its tests are skipped then, and `.ci/run` installs it. */
export const hasPostgres = binaries !== undefined;

const port = 5432;

// PostgreSQL refuses to be root.
const isRoot = process.getuid?.() === 0;
const otherUser = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];

// The schema stays: to make it takes longer than a test.
const emptySql = `
DO $$ BEGIN
  IF to_regclass('tandem.schema_version') IS NOT NULL THEN
    TRUNCATE tandem.nodes, tandem.leases, tandem.accounts, tandem.messages, tandem.blocks, tandem.bans;
  END IF;
END $$`;

// One user needs a password.
const accessRules = 'local all guarded scram-sha-256\nlocal all all trust\n';

/** A PostgreSQL of a test's own, on a Unix socket in a temporary directory. Nothing of it is synced. */
export class TestCluster {
  readonly directory: string;
  #server: ChildProcess | undefined;
  #databases = 0;
  #emptied: string | undefined;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async start(): Promise<TestCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'tandem-postgres-'));
    if (isRoot) {
      const [user, group] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, 'postgres'])),
      );
      chownSync(directory, user as number, group as number);
    }
    const cluster = new TestCluster(directory);
    const made = ['-D', cluster.data, '-U', 'tandem', '--auth=trust', '--no-sync', '--locale=C'];
    try {
      // Signals are heard meanwhile.
      await promisify(execFile)(...commandOf('initdb', [...made, '-E', 'UTF8']), { cwd: '/' });
      writeFileSync(join(cluster.data, 'pg_hba.conf'), accessRules);
      await cluster.begin();
    } catch (error) {
      await cluster.end();
      throw error;
    }
    return cluster;
  }

  /** Starts the server, after a {@link halt}. */
  async begin(): Promise<void> {
    const settings = [
      `unix_socket_directories=${this.directory}`,
      'listen_addresses=',
      // Whatever PGPORT says.
      `port=${port}`,
      'fsync=off',
    ];
    const args = ['-D', this.data, ...settings.flatMap((setting) => ['-c', setting])];
    const [command, rest] = commandOf('postgres', args);
    const server = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
    this.#server = server;
    for await (const line of createInterface(server.stderr)) {
      if (line.includes('ready to accept')) break;
    }
    server.stderr.resume();
    if (server.exitCode !== null) throw new Error('PostgreSQL did not start');
  }

  /** Stops the server: at once, or as a crash of it does. */
  async halt(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null) return;
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await once(server, 'exit');
  }

  /** Stops the server, and removes what it had. */
  async end(): Promise<void> {
    await this.halt('immediate');
    rmSync(this.directory, { recursive: true, force: true });
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

  /** Asks a database, given by its name or its URL. */
  async query<Row extends object>(database: string, sql: string): Promise<Row[]> {
    const connectionString = database.includes(':') ? database : this.urlOf(database);
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** The directory of its data. */
  get data(): string {
    return join(this.directory, 'data');
  }
}

/** Returns how a program of PostgreSQL is started; it ends with this process. */
function commandOf(program: string, args: readonly string[]): [string, string[]] {
  return endingWithThis(join(binaries ?? '', program), args, isRoot ? otherUser : []);
}
