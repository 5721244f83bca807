import { TestCluster } from '@tandem/chat/postgres/testing';
import { TcpProxy } from '@tandem/proxy';

const host = '127.0.0.1';
const name = 'tandem';

/**
 * The PostgreSQL of nodes: a server, the standby that its commits wait for, and the way of each node to the
 * server, which has the faults of a network and leads to the standby once that has taken over.
 */
export class Database {
  readonly #ways: readonly TcpProxy[];
  #primary: TestCluster;
  #standby: TestCluster | undefined;
  #isStandbyDown = false;

  private constructor(
    primary: TestCluster,
    standby: TestCluster | undefined,
    ways: readonly TcpProxy[],
  ) {
    this.#primary = primary;
    this.#standby = standby;
    this.#ways = ways;
  }

  static async open(nodes: number, hasStandby: boolean): Promise<Database> {
    const primary = await TestCluster.start();
    const standby = hasStandby ? await primary.addStandby() : undefined;
    await primary.query('postgres', `CREATE DATABASE ${name}`);
    const way = () => TcpProxy.open({ host, port: primary.socket });
    return new Database(primary, standby, await Promise.all(Array.from({ length: nodes }, way)));
  }

  /** Returns the URL with which a node reaches it. */
  urlFor(node: number): string {
    return `postgres://tandem@${host}:${this.wayOf(node).port}/${name}`;
  }

  /** The connections of a node to it. */
  wayOf(node: number): TcpProxy {
    return this.#ways[node] as TcpProxy;
  }

  query<Row extends object>(sql: string): Promise<Row[]> {
    return this.#primary.query<Row>(name, sql);
  }

  /** Ends it as a crash does, or by SIGKILL, and starts it again. */
  async restart(how: 'immediate' | 'kill'): Promise<void> {
    await this.#primary.halt(how);
    await this.#primary.begin();
  }

  /** Kills the standby, so that every commit waits for it, until {@link failOver}. */
  async killStandby(): Promise<void> {
    this.#isStandbyDown = true;
    await this.#standby?.halt('kill');
  }

  /** Kills the server, makes the standby take over, and gives it a standby of its own. */
  async failOver(): Promise<void> {
    const [dead, standby] = [this.#primary, this.#standby];
    if (standby === undefined) return;
    await dead.halt('kill');
    if (this.#isStandbyDown) await standby.begin();
    this.#isStandbyDown = false;
    await standby.promote();
    this.#primary = standby;
    for (const way of this.#ways) {
      way.setTarget(host, standby.socket);
      way.cut();
    }
    await dead.end();
    this.#standby = await standby.addStandby();
  }

  /** Ends all faults of the ways to it. */
  heal(): void {
    for (const way of this.#ways) way.setFaults({});
  }

  async close(): Promise<void> {
    await Promise.all(this.#ways.map((way) => way.close()));
    await this.#standby?.end();
    await this.#primary.end();
  }
}
