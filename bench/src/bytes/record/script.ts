import { type Operation, Status } from '@tandem/core';
import type { Lane, LaneClient, Target, Workload } from '../../lanes/lane.ts';
import type { WireEntry } from '../ledger.ts';
import { absence } from './absence.ts';
import { Cast, expectStatus } from './cast.ts';
import { body, names, secrets } from './content.ts';
import { type Recorder, type Step, unlisted } from './recorder.ts';
import { ResponseDate } from './response-date.ts';

/** One step of the script: its operation on each connection, and the action. */
interface ScriptStep {
  /** Undefined where the sender's connection must be silent. */
  readonly sender?: string;
  /** Undefined where the recipient's connection must be silent. */
  readonly recipient?: string;
  /** Present where a further connection opens and closes in the step. */
  readonly visitor?: string;
  run(cast: Cast): Promise<void>;
}

/** The operations of the protocol, and what a ledger tells apart besides. */
export type ChatOperation = keyof typeof Operation | 'incoming' | 'loginUnread';

const { secret, newSecret } = secrets;

/** The step of each operation. A new operation of the protocol needs one here, and a place in {@link parts}. */
const steps: Readonly<Record<Exclude<ChatOperation, 'incoming'>, ScriptStep>> = {
  register: {
    sender: 'register',
    run: ({ sender }) => expectStatus(sender.register(names.sender), Status.registered),
  },
  login: {
    sender: 'login',
    run: ({ sender }) => expectStatus(sender.login(names.sender), Status.loggedIn),
  },
  search: {
    sender: 'search',
    run: ({ sender }) => expectStatus(sender.search(names.sender), Status.found),
  },
  send: {
    sender: 'send',
    recipient: 'incoming',
    async run(cast) {
      await expectStatus(cast.sender.send(names.recipient, body), Status.delivered);
      await cast.receive();
    },
  },
  acknowledge: { recipient: 'acknowledge', run: (cast) => cast.take() },
  logout: {
    sender: 'logout',
    run: ({ sender }) => expectStatus(sender.logout(), Status.loggedOut),
  },
  delete: { sender: 'delete', run: ({ sender }) => expectStatus(sender.delete(), Status.deleted) },
  loginUnread: {
    sender: 'loginUnread',
    run: ({ sender }) => expectStatus(sender.login(names.sender), Status.loggedInUnread),
  },
  registerWithSecret: {
    sender: 'registerWithSecret',
    run: ({ sender }) => expectStatus(sender.register(names.sender, secret), Status.registered),
  },
  loginWithSecret: {
    sender: 'loginWithSecret',
    run: ({ sender }) => expectStatus(sender.login(names.sender, secret), Status.loggedIn),
  },
  block: {
    sender: 'block',
    run: ({ sender }) => expectStatus(sender.block(names.recipient), Status.blocked),
  },
  unblock: {
    sender: 'unblock',
    run: ({ sender }) => expectStatus(sender.unblock(names.recipient), Status.unblocked),
  },
  changeSecret: {
    sender: 'changeSecret',
    run: ({ sender }) => expectStatus(sender.changeSecret(secret, newSecret), Status.secretChanged),
  },
  resume: { sender: 'resume', run: (cast) => cast.resume() },
};

/** The same step, which only prepares another one. */
function quietly({ run }: ScriptStep): ScriptStep {
  return { sender: unlisted, run };
}

/**
 * The script: each operation once. Its parts follow on the same connections, and each leaves no account of
 * the sender. A new part stands at the end, so that the bytes of the others stay what they were: what
 * headers take depends on those before them.
 */
const parts: readonly (readonly ScriptStep[])[] = [
  [
    ...[steps.register, steps.login, steps.search, steps.send, steps.acknowledge, steps.logout],
    // Only a session can be deleted.
    ...[quietly(steps.login), steps.delete],
  ],
  [
    quietly(steps.register),
    { recipient: unlisted, run: (cast) => cast.leaveMessages() },
    ...[steps.loginUnread, quietly(steps.delete)],
  ],
  [
    ...[steps.registerWithSecret, steps.loginWithSecret, steps.block, steps.unblock],
    // A logout would end the tokens of a session; the end of its connection does not.
    ...[steps.changeSecret, quietly(steps.logout)],
    { visitor: unlisted, run: (cast) => cast.beginElsewhere() },
    ...[steps.resume, quietly(steps.delete)],
  ],
];

/** The operations of the script, in its order. */
export const operations: readonly string[] = ['connect', ...parts.flatMap(listedIn), 'close'];

function listedIn(part: readonly ScriptStep[]): string[] {
  return part
    .flatMap(({ sender, recipient }) => [sender, recipient])
    .filter((operation) => operation !== undefined && operation !== unlisted) as string[];
}

// The second time, tables of headers still fill.
const calls = ['first', unlisted, 'warm'] as const;

/**
 * Plays the operations that a lane has, through a tap, and records each step.
 *
 * @param last ends the script behind the part that has this operation
 */
export async function playScript(
  lane: Lane,
  target: Target,
  recorder: Recorder,
  last?: string,
): Promise<void> {
  const connect = () => lane.connect(target);
  const client = await recorder.record([connecting('connect')], connect);
  try {
    if (client.chat === undefined) {
      await playEcho(lane, client, recorder);
      await recorder.record([connecting('close')], () => client.close());
    } else {
      await playChat(lane, client, connect, recorder, last);
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
      await recorder.record([stepOf(workload.kind, call)], () => date.within(operation));
      bring ??= () => recorder.record([aside], operation);
    }
  }
}

async function playChat(
  lane: Lane,
  sender: LaneClient,
  connect: () => Promise<LaneClient>,
  recorder: Recorder,
  last: string | undefined,
): Promise<void> {
  const recipient = await recorder.record([undefined, connecting(unlisted)], connect);
  try {
    const connectChat = async () => chatOf(await connect());
    const cast = new Cast(chatOf(sender), chatOf(recipient), connectChat);
    await recorder.record([undefined, connecting(unlisted)], () => cast.enter());
    const date = new ResponseDate(lane);
    for (const part of partsOf(lane, last)) await playPart(part, cast, date, recorder);
    await recorder.record([connecting('close')], () => sender.close());
    await recorder.record([undefined, connecting(unlisted)], () => recipient.close());
  } finally {
    await recipient.close();
  }
}

function partsOf({ name }: Lane, last: string | undefined): (typeof parts)[number][] {
  const at = parts.findIndex((part) => listedIn(part).includes(last ?? ''));
  return parts
    .slice(0, last === undefined ? parts.length : Math.max(at, 0) + 1)
    .filter((part) => listedIn(part).every((operation) => absence(name, operation) === undefined));
}

async function playPart(
  part: readonly ScriptStep[],
  cast: Cast,
  date: ResponseDate,
  recorder: Recorder,
): Promise<void> {
  const bring = () => recorder.record([aside, aside], () => cast.callInVain());
  for (const call of calls) {
    for (const step of part) {
      // The first call of a connection writes everything out, its date too.
      const isFirst = call === 'first' && step === parts[0]?.[0];
      if (!isFirst) await date.renew(bring);
      const stepOfEach = [stepOf(step.sender, call), stepOf(step.recipient, call)];
      if (step.visitor !== undefined) stepOfEach[cast.connections] = aside;
      await recorder.record(stepOfEach, () => date.within(() => step.run(cast)));
    }
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
