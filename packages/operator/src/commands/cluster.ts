import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '@tandem/chat/postgres';
import type { CommandArguments, CommandOutcome, CommandTargets } from './command.ts';

// Shorter than whoever asks waits for the response.
const waitMs = 50_000;
const lookMs = 250;

/** Lists the nodes of a chat that several servers share. */
export async function showCluster({ cluster }: CommandTargets): Promise<CommandOutcome> {
  return cluster === undefined ? notANode : { result: { nodes: await cluster.nodes() } };
}

/**
 * Makes a node tell its clients to go elsewhere, and end. Waits until it has, unless it is the node that is
 * asked, which cannot say so any more.
 */
export async function drain(
  { cluster }: CommandTargets,
  { node: text, force }: CommandArguments,
): Promise<CommandOutcome> {
  if (cluster === undefined) return notANode;
  const nodes = await cluster.nodes();
  const drained = nodes.find(({ node }) => String(node) === text);
  if (drained === undefined) return { refused: `There is no node ${text}; see tandem cluster.` };
  const { node, state, process } = drained;
  if (state === 'silent' || state === 'dead') return deaf(node, state);
  const others = nodes.filter((other) => other.node !== node && other.state === 'serving');
  if (others.length === 0 && force !== 'yes') {
    return {
      refused: `Clients of node ${node} would have nowhere to go, as no other node serves. Start one, or say --force.`,
    };
  }
  await cluster.drain(node);
  if (node === cluster.own) return { result: { draining: node, clients: drained.clients } };
  return waitUntilGone(cluster, node, process, new Set(nodes.map((known) => known.node)));
}

async function waitUntilGone(
  cluster: Cluster,
  node: number,
  process: string | undefined,
  known: ReadonlySet<number>,
): Promise<CommandOutcome> {
  const endMs = performance.now() + waitMs;
  let number = node;
  while (performance.now() < endMs) {
    await delay(lookMs);
    const nodes = await cluster.nodes();
    const there = nodes.find((other) => other.node === number);
    if (there?.state === 'silent') return deaf(number, 'silent');
    if (there !== undefined) continue;
    // It lost its place before it heard of the drain, and has another. In containers, others may have its name.
    const again = nodes.find((other) => other.process === process && !known.has(other.node));
    if (again === undefined) return { result: { drained: node } };
    number = again.node;
    await cluster.drain(number);
  }
  return {
    refused: `Node ${node} was told to drain, and is still there after ${waitMs / 1_000} s; see tandem cluster.`,
  };
}

function deaf(node: number, state: 'silent' | 'dead'): CommandOutcome {
  return {
    refused: `Node ${node} is ${state}, and does not hear that it is to end. Others end its sessions within seconds; see that its process ends.`,
  };
}

const notANode: CommandOutcome = {
  refused: 'That server is no node of several: its --store is not postgres.',
};
