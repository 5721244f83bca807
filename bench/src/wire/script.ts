import { Status } from '@tandem/core';
import type { Lane, LaneClient, Target, Workload } from '../lanes/lane.ts';
import { Cast, expectStatus } from './cast.ts';
import { body, names } from './content.ts';
import type { WireEntry } from './ledger.ts';
import type { Recorder, Step } from './recorder.ts';
import { ResponseDate } from './response-date.ts';

/** One step of the script: its operation on each connection, and the action. */
interface ScriptStep {
  /** Undefined where the sender's connection must be silent. */
  readonly sender?: string;
  /** Undefined where the recipient's connection must be silent. */
  readonly recipient?: string;
  run(cast: Cast): Promise<void>;
}

/** The operation or call of a step that the ledger does not list: it prepares another, or repeats one. */
export const unlisted = 'unlisted';

/** Every operation once. */
const round: readonly ScriptStep[] = [
  {
    sender: 'register',
    run: ({ sender }) => expectStatus(sender.register(names.sender), Status.registered),
  },
  { sender: 'login', run: logIn },
  {
    sender: 'search',
    run: ({ sender }) => expectStatus(sender.search(names.sender), Status.found),
  },
  {
    sender: 'send',
    recipient: 'incoming',
    async run(cast) {
      await expectStatus(cast.sender.send(names.recipient, body), Status.delivered);
      await cast.receive();
    },
  },
  { recipient: 'acknowledge', run: (cast) => cast.take() },
  { sender: 'logout', run: ({ sender }) => expectStatus(sender.logout(), Status.loggedOut) },
  // Only a session can be deleted.
  { sender: unlisted, run: logIn },
  { sender: 'delete', run: ({ sender }) => expectStatus(sender.delete(), Status.deleted) },
];

function logIn({ sender }: Cast): Promise<void> {
  return expectStatus(sender.login(names.sender), Status.loggedIn);
}

/** The operations of the script, in its order. */
export const operations: readonly string[] = [
  'connect',
  ...round.flatMap(({ sender, recipient }) => [sender, recipient]),
  'close',
].filter((operation) => operation !== undefined && operation !== unlisted) as string[];

// The second time, tables of headers still fill.
const calls = ['first', unlisted, 'warm'] as const;

/** Plays the operations that a lane has, through a tap, and records each step. */
export async function playScript(lane: Lane, target: Target, recorder: Recorder): Promise<void> {
  const connect = () => lane.connect(target);
  const client = await recorder.record([connecting('connect')], connect);
  try {
    if (client.chat === undefined) {
      await playEcho(lane, client, recorder);
      await recorder.record([connecting('close')], () => client.close());
    } else {
      await playChat(lane, client, connect, recorder);
    }
  } finally {
    await client.close();
  }
}

async function playEcho(lane: Lane, client: LaneClient, recorder: Recorder): Promise<void> {
  const workloads: readonly Workload[] = [{ kind: 'search' }, { kind: 'send', body }];
  const date = new ResponseDate(lane);
  let bring: (() => Promise<void>) | undefined;
  for (const workload of workloads) {
    await client.prepare(workload);
    const operation = client.operation(workload);
    for (const call of calls) {
      if (bring !== undefined) await date.renew(bring);
      await recorder.record([stepOf(workload.kind, call)], operation);
      bring ??= () => recorder.record([aside], operation);
    }
  }
}

async function playChat(
  lane: Lane,
  sender: LaneClient,
  connect: () => Promise<LaneClient>,
  recorder: Recorder,
): Promise<void> {
  const recipient = await recorder.record([undefined, connecting(unlisted)], connect);
  try {
    const cast = new Cast(chatOf(sender), chatOf(recipient));
    const date = new ResponseDate(lane);
    const bring = () => recorder.record([aside, aside], () => cast.callInVain());
    await recorder.record([undefined, connecting(unlisted)], () => cast.enter());
    for (const call of calls) {
      for (const step of round) {
        // The first call of a connection writes everything out, its date too.
        if (call !== 'first' || step !== round[0]) await date.renew(bring);
        const steps = [stepOf(step.sender, call), stepOf(step.recipient, call)];
        await recorder.record(steps, () => step.run(cast));
      }
    }
    await recorder.record([connecting('close')], () => sender.close());
    await recorder.record([undefined, connecting(unlisted)], () => recipient.close());
  } finally {
    await recipient.close();
  }
}

function chatOf({ chat }: LaneClient) {
  if (chat === undefined) throw new Error('a client without a chat behind it');
  return chat;
}

function connecting(operation: string): Step {
  return { operation, call: 'connection' };
}

const aside: Step = { operation: unlisted, call: 'warm' };

function stepOf(operation: string | undefined, call: (typeof calls)[number]): Step | undefined {
  if (operation === undefined) return undefined;
  if (call === unlisted) return aside;
  return { operation, call: call satisfies WireEntry['call'] };
}
