import { type ChatClient, Status } from '@tandem/core';
import { Actor } from './actor.ts';
import type { NodeProcess } from './node-process.ts';

/** The parts that the story of several nodes needs. */
export interface NodesStoryOptions {
  /** The nodes that serve, the first three of which take part. */
  readonly nodes: readonly NodeProcess[];
  readonly connectSockets: (node: NodeProcess) => Promise<ChatClient>;
  readonly connectGrpc: (node: NodeProcess) => Promise<ChatClient>;
  /** Told of each thing that has happened, and what came of it. */
  readonly tell: (title: string, outcome: string) => void;
}

const secret = 'seven blue cats';
const bodies = ['one', 'two', 'three'];
const keeps: readonly Status[] = [Status.delivered, Status.stored];

/**
 * Plays the story: alice and bob talk over two nodes. His is killed while she writes to him, and he goes on at
 * a third; then hers is stopped, and she goes on there, too.
 */
export async function playNodes(options: NodesStoryOptions): Promise<void> {
  const { connectSockets, connectGrpc, tell } = options;
  const [first, second, third] = options.nodes as [NodeProcess, NodeProcess, NodeProcess];
  const actors: Actor[] = [];
  const enter = async (client: ChatClient, name: string) => {
    const actor = new Actor(client);
    actors.push(actor);
    await client.register(name, secret);
    await client.login(name, secret);
    return actor;
  };
  try {
    const alice = await enter(await connectSockets(first), 'alice');
    tell('alice logs in', `at node ${first.number}, over sockets`);
    const bob = await enter(await connectGrpc(second), 'bob');
    tell('bob logs in', `at node ${second.number}, over gRPC`);
    await alice.client.send('bob', 'hi');
    tell('alice writes, bob reads', await bob.readLine());
    await bob.client.send('alice', 'hi, too');
    tell('bob answers, alice reads', await alice.readLine());

    const sent = bodies.map((body) => alice.client.send('bob', body));
    await second.end('SIGKILL');
    tell(`node ${second.number} is killed`, 'while alice writes to bob');
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    const kept = statuses.filter((status) => keeps.includes(status)).length;
    tell('alice is answered', `${statuses.join(', ')}: ${kept} of ${bodies.length} are kept`);
    tell('bob is told', await goOn(bob, connectGrpc, third));
    tell('bob resumes', `at node ${third.number}, over gRPC`);
    const came: string[] = [];
    while (came.length < kept) came.push((await bob.read()).body);
    tell('bob reads', came.join(', '));
    await alice.client.send('bob', 'still there?');
    tell('alice writes, bob reads', await bob.readLine());

    await first.end('SIGTERM');
    tell(`node ${first.number} is stopped`, 'as tandem cluster drain does it');
    tell('alice is told', await goOn(alice, connectSockets, third));
    tell('alice resumes', `at node ${third.number}, over sockets`);
    await bob.client.send('alice', 'always');
    tell('bob answers, alice reads', await alice.readLine());
  } finally {
    await Promise.all(actors.map(({ client }) => client.close()));
  }
}

/** Resumes the session of an actor at another node. Returns why its client at the first has ended. */
async function goOn(
  actor: Actor,
  connect: (node: NodeProcess) => Promise<ChatClient>,
  node: NodeProcess,
): Promise<string> {
  const { client } = actor;
  const error = await client.closed;
  const next = await connect(node);
  actor.goOnWith(next);
  if (client.resumption === undefined) throw new Error('there is no session to resume');
  const { status } = await next.resume(client.resumption);
  if (status !== Status.loggedIn && status !== Status.loggedInUnread) {
    throw new Error(`a session was not resumed: status ${status}`);
  }
  return error?.code ?? 'nothing';
}
