// `tandem demo --nodes`: several servers, each a process, on one PostgreSQL of the demonstration's own.
import { once } from 'node:events';
import { hasPostgres, TestCluster } from '@tandem/chat/postgres/testing';
import { stopOnSignals } from '@tandem/command';
import { formatAddress } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import { refuse } from '../refuse.ts';
import { NodeProcess } from './node-process.ts';
import { playNodes } from './nodes-story.ts';

const titleChars = 26;

/**
 * Plays the story of several nodes, and leaves nothing behind: when it is over, when it is told to stop, and
 * when nobody reads any more. Ends the process.
 */
export async function demoNodes(count: number, mode: 'unary' | 'converse'): Promise<never> {
  if (!hasPostgres) {
    return refuse(
      'tandem demo --nodes needs PostgreSQL on this machine (its programs initdb and postgres): install it (apt-get install postgresql, brew install postgresql@17), or leave out --nodes.',
    );
  }
  const stop = stopOnSignals();
  const stopped = Promise.race([once(stop.signal, 'abort'), once(process.stdout, 'error')]);
  const over = new AbortController();
  const started = TestCluster.start();
  const played = started.then((postgres) => play(postgres, count, mode, over.signal));
  const failure = await Promise.race([played, stopped]).then(
    () => undefined,
    (error: Error) => error,
  );
  // Its nodes are processes, which end at once.
  over.abort();
  await (await started.catch(() => undefined))?.end();
  if (failure !== undefined && !stop.signal.aborted) {
    return refuse(`The demonstration has failed: ${failure.message}`);
  }
  return process.exit(stop.exitCode ?? 0);
}

async function play(
  postgres: TestCluster,
  count: number,
  mode: 'unary' | 'converse',
  signal: AbortSignal,
): Promise<void> {
  const tell = (title: string, outcome: string) => {
    process.stdout.write(`${title.padEnd(titleChars)}${outcome}\n`);
  };
  tell('PostgreSQL is started', `in ${postgres.directory}`);
  const url = postgres.urlOf('postgres');
  const nodes: NodeProcess[] = [];
  // One after the other, so that the database numbers them so.
  while (nodes.length < count) {
    const node = await NodeProcess.start(nodes.length + 1, url, signal);
    nodes.push(node);
    const places = (['sockets', 'gRPC'] as const).map((transport) => {
      const { host, port } = node.at(transport);
      return `${transport} on ${formatAddress(host, port)}`;
    });
    tell(`node ${node.number} serves`, places.join(', '));
  }
  await playNodes({
    nodes,
    connectSockets: (node) => connectSocketClient(node.at('sockets')),
    connectGrpc: (node) => connectGrpcClient({ ...node.at('gRPC'), mode }),
    tell,
  });
}
