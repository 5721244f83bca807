import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, NodeSummary } from '@tandem/chat/postgres';
import type { CommandArguments, CommandOutcome, CommandTargets } from './command.ts';

// Together shorter than whoever asks waits for the response.
const waitMs = 50_000;
// A node renews its lease within that time, or is dead.
const othersWaitMs = 7_000;
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
  for await (const nodes of looks(cluster, othersWaitMs)) {
    const drained = nodes.find(({ node }) => String(node) === text);
    if (drained === undefined) return { refused: `There is no node ${text}; see tandem cluster.` };
    const { node, state, clients } = drained;
    if (state === 'dead') return deaf(node, 'is dead');
    const others = nodes.filter((other) => other !== drained).map((other) => other.state);
    if (force !== 'yes' && !others.includes('serving')) {
      // One that has started says so with its next renewal.
      if (others.includes('starting') || others.includes('silent')) continue;
      break;
    }
    // Since the look, the node may have gone, or somebody else may drain the other ones.
    if (!(await cluster.drain(node, force === 'yes'))) continue;
    if (node === cluster.own) return { result: { draining: node, clients } };
    return waitUntilGone(cluster, drained, new Set(nodes.map((known) => known.node)));
  }
  return {
    refused: `Clients of node ${text} could not go on elsewhere, since no other node serves. Start one, or add --force.`,
  };
}

async function waitUntilGone(
  cluster: Cluster,
  drained: NodeSummary,
  known: ReadonlySet<number>,
): Promise<CommandOutcome> {
  const { node, process } = drained;
  // From then on, others may take a node for dead and end its sessions while it does not run.
  const buriedFrom = ({ leaseAgeMs }: NodeSummary) =>
    performance.now() + cluster.liveMs - leaseAgeMs;
  let number = node;
  let ended = false;
  let buriedFromMs = buriedFrom(drained);
  for await (const nodes of looks(cluster, waitMs)) {
    const there = nodes.find((other) => other.node === number);
    if (there !== undefined && there.state !== 'dead') {
      buriedFromMs = buriedFrom(there);
      continue;
    }
    ended ||= performance.now() < buriedFromMs;
    if (there !== undefined) continue;
    // It lost its place before it heard of the drain, and has another. In containers, others may have its name.
    const again = nodes.find((other) => other.process === process && !known.has(other.node));
    if (again !== undefined) {
      number = again.node;
      ended = false;
      buriedFromMs = buriedFrom(again);
      await cluster.drain(number, true);
    } else if (ended) return { result: { drained: node } };
    else return deaf(number, 'was silent until others ended its sessions');
  }
  return {
    refused: `Node ${node} was told to drain, and is still there after ${waitMs / 1_000} s; see tandem cluster.`,
  };
}

function deaf(node: number, why: string): CommandOutcome {
  return {
    refused: `Node ${node} ${why}, and did not learn that it must end. Check that its process ends.`,
  };
}

/** The nodes, again and again for so long. */
async function* looks(cluster: Cluster, ms: number): AsyncGenerator<NodeSummary[]> {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    yield await cluster.nodes();
    await delay(lookMs);
  }
}

const notANode: CommandOutcome = {
  refused: 'That server is not a node: its --store is not postgres.',
};
