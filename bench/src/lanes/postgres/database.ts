import { TestCluster } from '@tandem/chat/postgres/testing';
import { treeMs } from '../../rig/machine/process-time.ts';
import { accountNames } from '../chat/accounts.ts';
import { makeDataDirectory, makeSharedDataDirectory } from '../chat/data-directory.ts';

/** The use of a database so far: its CPU time, and the bytes of its write-ahead log. */
interface DatabaseUsage {
  readonly cpuUs: number;
  readonly logBytes: number;
}

// As many rows as one statement adds.
const addedAtOnce = 10_000;

/** A PostgreSQL of a lane's own, on the disk of the other stores, with the settings of a new cluster. */
export class LaneDatabase {
  readonly url: string;
  readonly #cluster: TestCluster;
  readonly #endNow = () => this.#cluster.endNow();

  private constructor(cluster: TestCluster, url: string) {
    this.#cluster = cluster;
    this.url = url;
    // The rig ends a server's process without closing the server first.
    process.once('exit', this.#endNow);
  }

  static async start(): Promise<LaneDatabase> {
    // Where this is root, the server is another user, who may not reach the repository.
    const startIn = (data: string) => TestCluster.start({ data, syncs: true });
    const cluster = await startIn(makeDataDirectory()).catch(() =>
      startIn(makeSharedDataDirectory()),
    );
    return new LaneDatabase(cluster, await cluster.newDatabase());
  }

  /** Adds so many accounts, as they are in a database that has had time to tidy up. */
  async people(accounts: number): Promise<void> {
    let names: string[] = [];
    const add = async () => {
      const values = names.map((name) => `('${name}',nextval('tandem.account_ids'))`);
      await this.query(`INSERT INTO tandem.accounts (username, id) VALUES ${values}`);
      names = [];
    };
    for (const name of accountNames(accounts)) if (names.push(name) === addedAtOnce) await add();
    if (names.length > 0) await add();
    // An index is made sooner than it grows.
    await this.query('DROP INDEX IF EXISTS tandem.names_by_part');
    await this.query('INSERT INTO tandem.names SELECT username FROM tandem.accounts');
    await this.query('SELECT tandem.index_names()');
    await this.query('VACUUM ANALYZE tandem.accounts, tandem.names');
    await this.query('CHECKPOINT');
  }

  async usage(): Promise<DatabaseUsage> {
    const [log] = await this.query<{ bytes: number }>(
      "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes",
    );
    const cpuMs = treeMs(this.#cluster.pid ?? 0) ?? 0;
    return { cpuUs: cpuMs * 1_000, logBytes: log?.bytes ?? 0 };
  }

  async end(): Promise<void> {
    process.off('exit', this.#endNow);
    await this.#cluster.end();
  }

  query<Row extends object>(sql: string): Promise<Row[]> {
    return this.#cluster.query<Row>(this.url, sql);
  }
}
