import type { Lane } from '../../lanes/lane.ts';
import { chatOf, firstReason, needsChat, needsServer } from '../applies.ts';
import { duration } from '../metrics.ts';
import type { MeasureContext, Measurement, Metric, Scenario } from '../scenario.ts';
import { type StartOptions, StartUpProcess } from './start-up-process.ts';

/** The command's options for the protocol of each lane. The command does not speak the others. */
const transports: Partial<Record<Lane['wire'], { name: string; mode: readonly string[] }>> = {
  framed: { name: 'socket', mode: [] },
  'grpc-unary': { name: 'grpc', mode: ['--mode', 'unary'] },
  'grpc-converse': { name: 'grpc', mode: ['--mode', 'converse'] },
};

const compiled: StartOptions = { compileCache: true };
const uncompiled: StartOptions = { compileCache: false };

const ofServer = (name: string, title: string): Metric =>
  duration(name, `a server of this transport alone, to its first response, ${title}`);
const ofChat = (name: string, title: string): Metric =>
  duration(name, `a chat, to the response to its first command, ${title}`);

/** The time for which somebody waits who starts a process of the `tandem` command. */
export const startUp: Scenario = {
  name: 'start-up',
  family: 'start-up',
  title: 'Start of the command',
  question: 'How long does one wait for a server, and for a chat, from the start of its process?',
  parameters: { processes: 1 },
  metrics: [
    ofServer('serve', 'compiled before'),
    ofChat('chat', 'compiled before'),
    ofServer('serve-uncompiled', 'nothing compiled before'),
    ofChat('chat-uncompiled', 'nothing compiled before'),
  ],
  notFor: firstReason(needsChat, needsServer, needsCommand, needsMemoryStore),
  measure,
};

function needsCommand({ wire }: Lane): string | undefined {
  return transports[wire] === undefined ? 'no tandem chat speaks it' : undefined;
}

// The server that is started keeps nothing, so that only its start is measured.
function needsMemoryStore({ settings }: Lane): string | undefined {
  return settings.store === 'memory' ? undefined : 'it differs in its store alone';
}

async function measure(context: MeasureContext): Promise<Measurement> {
  // These starts are not timed. They compile all code that was not compiled yet, this process's client too.
  await serveUs(context, compiled);
  await chatUs(context, compiled);
  const values = await context.measured(async () => ({
    serve: await serveUs(context, compiled),
    chat: await chatUs(context, compiled),
    'serve-uncompiled': await serveUs(context, uncompiled),
    'chat-uncompiled': await chatUs(context, uncompiled),
  }));
  return { values, operations: Object.keys(values).length };
}

/** The time from the start of a server until a client at its announced address has a response. */
async function serveUs({ lane, target }: MeasureContext, options: StartOptions): Promise<number> {
  const ports = ['--socket-port', '0', '--grpc-port', '0'];
  const quiet = ['--store', 'memory', '--log-level', 'silent'];
  const startedAt = performance.now();
  const server = new StartUpProcess(
    ['serve', '--transport', transportOf(lane).name, ...ports, ...quiet],
    options,
  );
  try {
    const [, port] = /:(\d+)\n/.exec(await server.said('stop with Ctrl-C\n')) ?? [];
    const client = await lane.connect({ ...target, port: Number(port) });
    await chatOf(client).search('nobody');
    const answeredAt = performance.now();
    await client.close();
    return (answeredAt - startedAt) * 1_000;
  } finally {
    await server.end();
  }
}

/** The time from the start of a chat until it prints the response to a command from its input. */
async function chatUs({ lane, target }: MeasureContext, options: StartOptions): Promise<number> {
  const { name, mode } = transportOf(lane);
  const { host, port } = target;
  const place = ['--host', host, '--port', String(port)];
  const startedAt = performance.now();
  const started = new StartUpProcess(['chat', '--transport', name, ...mode, ...place], options);
  try {
    started.tell('search nobody');
    await started.said('\n');
    return (performance.now() - startedAt) * 1_000;
  } finally {
    await started.end();
  }
}

function transportOf(lane: Lane) {
  const transport = transports[lane.wire];
  if (transport === undefined) throw new Error(`no tandem chat speaks ${lane.wire}`);
  return transport;
}
