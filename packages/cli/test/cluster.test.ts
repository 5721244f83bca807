import { hasPostgres, TestCluster } from '@tandem/chat/postgres/testing';
import { type ChatClient, Status } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { command, startOperatedServer } from './operated-server.ts';
import { runTandem } from './run-tandem.ts';

type Served = Awaited<ReturnType<typeof startOperatedServer>>;

const host = '127.0.0.1';
const secret = 'correct horse battery';

/** Connects a client of each kind. */
const kinds = {
  sockets: ({ program }) => connectSocketClient({ host, port: program.port }),
  converse: ({ grpcPort }) => connectGrpcClient({ host, port: grpcPort, mode: 'converse' }),
  unary: ({ grpcPort }) => connectGrpcClient({ host, port: grpcPort, mode: 'unary' }),
} satisfies Readonly<Record<string, (served: Served) => Promise<ChatClient>>>;
const names = Object.keys(kinds) as (keyof typeof kinds)[];

const cluster = ({ port, tokenFile }: Served, ...words: readonly string[]) =>
  runTandem('cluster', '--admin-port', String(port), '--admin-token-file', tokenFile, ...words);

/** Takes messages until its client is closed. */
class Reader {
  readonly client: ChatClient;
  readonly over: Promise<void>;
  readonly #taken: string[];

  constructor(client: ChatClient, taken: string[]) {
    this.client = client;
    this.#taken = taken;
    this.over = this.#read();
    onTestFinished(() => client.close());
  }

  async #read(): Promise<void> {
    for await (const { body } of this.client.messages) this.#taken.push(body);
  }
}

describe.skipIf(!hasPostgres)('tandem cluster', () => {
  let postgres: TestCluster;
  let url: string;

  beforeAll(async () => {
    postgres = await TestCluster.start();
  });
  afterAll(() => postgres?.end());
  beforeEach(async () => {
    url = await postgres.newDatabase();
  });

  const serve = () =>
    startOperatedServer('--transport', 'all', '--store', 'postgres', '--postgres-url', url);
  async function newUser(client: ChatClient, username: string): Promise<ChatClient> {
    await client.register(username, secret);
    expect(await client.login(username, secret)).toMatchObject({ status: Status.loggedIn });
    return client;
  }

  it('shows the nodes, for people and for programs', async () => {
    const [first, second] = [await serve(), await serve()];
    const ann = await newUser(await kinds.sockets(first), 'ann');
    const nodes = async () => JSON.parse((await cluster(second, '--json')).output).nodes;
    await expect.poll(nodes).toMatchObject([
      {
        node: 1,
        state: 'serving',
        clients: 1,
        sessions: 1,
        version: '0.1.0',
        process: expect.stringMatching(`:${first.program.pid}$`),
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        addresses: { socket: `${host}:${first.program.port}`, grpc: `${host}:${first.grpcPort}` },
        lagMs: expect.any(Number),
        leaseAgeMs: expect.any(Number),
      },
      { node: 2, state: 'serving', clients: 0, sessions: 0 },
    ]);
    const { output } = await cluster(second);
    expect(output).toMatch(/^node +state +clients +sessions +lag +lease +since +version +process/);
    expect(output).toMatch(
      new RegExp(`\n1 +serving +1 +1 .*socket ${host}:${first.program.port}\n`),
    );
    await ann.close();
  });

  it.each(['tandem cluster drain', 'SIGTERM'])(
    'and %s: clients of the node go on at another, and nothing is lost',
    async (way) => {
      const [first, second] = [await serve(), await serve()];
      const taken = Object.fromEntries([...names, 'dan'].map((name) => [name, [] as string[]]));
      const readers = await Promise.all(
        names.map(async (name) => {
          const client = await newUser(await kinds[name](first), name);
          return new Reader(client, taken[name] as string[]);
        }),
      );
      new Reader(await newUser(await kinds.sockets(second), 'dan'), taken.dan as string[]);
      const ann = await newUser(await kinds.sockets(second), 'ann');
      const eve = await newUser(await kinds.sockets(first), 'eve');
      const confirmed = Object.fromEntries(
        Object.keys(taken).map((name) => [name, [] as string[]]),
      );
      let sending = true;
      /** Sends while it may, a few at a time, and knows which were confirmed. */
      const send = async (client: ChatClient, recipients: readonly string[]) => {
        for (let n = 0; sending; n++) {
          const sends = recipients.map(async (recipient) => {
            const { status } = await client.send(recipient, `${n}`);
            const isKept = status === Status.delivered || status === Status.stored;
            if (isKept) confirmed[recipient]?.push(`${n}`);
          });
          await Promise.all(sends);
        }
      };
      const sent = send(ann, names);
      // It sends until its node stops.
      const sentByEve = send(eve, ['dan']).catch(() => {});
      const least = () => Math.min(...Object.values(taken).map(({ length }) => length));
      await expect.poll(least).toBeGreaterThan(5);

      if (way === 'SIGTERM') first.program.signal('SIGTERM');
      else {
        expect(await cluster(second, 'drain', '1')).toMatchObject({
          code: 0,
          output: 'drained: 1\n',
          errorOutput: '',
        });
      }
      expect(await first.program.exited).toEqual([0, null]);
      const reason = way === 'SIGTERM' ? way : 'drain';
      expect(first.program.log.find(({ msg }) => msg === 'stopping')).toMatchObject({ reason });
      expect((await readers[0]?.client.closed)?.message).toContain('shut');
      await Promise.all(readers.map(({ over }) => over));
      await Promise.all(
        readers.map(async ({ client }, i) => {
          const name = names[i] as keyof typeof kinds;
          const again: ChatClient = await kinds[name](second);
          const { resumption } = client;
          const { status } = await again.resume(resumption as NonNullable<typeof resumption>);
          expect([Status.loggedIn, Status.loggedInUnread]).toContain(status);
          new Reader(again, taken[name] as string[]);
        }),
      );
      const before = confirmed.sockets?.length as number;
      await expect.poll(() => confirmed.sockets?.length).toBeGreaterThan(before);
      sending = false;
      await Promise.all([sent, sentByEve]);
      await expect
        .poll(() => taken)
        .toEqual({ ...confirmed, dan: expect.arrayContaining(confirmed.dan as string[]) });
      expect(taken.dan).toEqual([...new Set(taken.dan)]);
      const { nodes } = JSON.parse((await cluster(second, '--json')).output);
      expect(nodes).toMatchObject([{ node: 2 }]);
    },
  );

  it('does not wait for the node that it asks, and drains the last one only with --force', async () => {
    const node = await serve();
    const refused = await cluster(node, 'drain', '1');
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(refused.errorOutput).toBe(
      'Clients of node 1 could not go on elsewhere, since no other node serves. Start one, or add --force.\n',
    );
    const drained = await cluster(node, 'drain', '1', '--force');
    expect(drained).toMatchObject({ code: 0, output: 'draining: 1\nclients: 0\n' });
    expect(await node.program.exited).toEqual([0, null]);
    expect(await postgres.query(url, 'SELECT FROM tandem.cluster')).toEqual([]);
  });

  it('leaves a node that serves, though each is told at once to drain the other', async () => {
    const nodes = [await serve(), await serve()] as const;
    const serving = async () => (await cluster(nodes[0], '--json')).output.match(/"serving"/g);
    await expect.poll(serving).toHaveLength(2);
    const outcomes = await Promise.all(
      [
        command(nodes[0].port, 'drain', { node: '2' }),
        command(nodes[1].port, 'drain', { node: '1' }),
      ].map((outcome) => outcome.catch(() => ({ refused: 'it was drained itself' }))),
    );
    expect(outcomes.filter(({ refused }) => refused !== undefined).length).toBeGreaterThan(0);
    const ended = await Promise.race(
      nodes.map(({ program }) => program.exited.then(() => program)),
    );
    const left = nodes.find(({ program }) => program !== ended) as Served;
    const { output } = await cluster(left, '--json');
    expect(JSON.parse(output).nodes).toMatchObject([{ state: 'serving' }]);
  });

  it.each([
    ['there is no such node', ['--store', 'postgres'], ['drain', '7'], 'There is no node 7; see'],
    ['what is asked is no node', ['--store', 'memory'], [], 'That server is not a node'],
  ])('says that %s', async (_name, store, words, complaint) => {
    const served = await startOperatedServer(...store, '--postgres-url', url);
    const { code, errorOutput } = await cluster(served, ...words);
    expect(code).toBe(1);
    expect(errorOutput).toContain(complaint);
    expect(errorOutput.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    [[], 'add --admin-port'],
    [['--admin-port', '1'], 'and --admin-token-file with the token'],
    [['drian', '1'], "too many arguments for 'cluster'"],
  ])('says what is wrong with %j', async (words, complaint) => {
    const { code, errorOutput } = await runTandem('cluster', ...words);
    expect(code).toBe(64);
    expect(errorOutput).toContain(complaint);
  });
});
