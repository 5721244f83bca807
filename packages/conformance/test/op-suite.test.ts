import { ChatService, MemoryStore } from '@tandem/chat';
import { type Message, Operation, Status } from '@tandem/core';
import { startSocketServer } from '@tandem/socket-server';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type OpStep, opSuite } from '../src/index.ts';
import { RawClient } from './raw-client.ts';

async function connectToEmptyService(): Promise<RawClient> {
  const service = await ChatService.open({ store: new MemoryStore() });
  const logger = pino({ level: 'silent' });
  const server = await startSocketServer({ service, host: '127.0.0.1', port: 0, logger });
  const client = await RawClient.connect(server.port);
  onTestFinished(async () => {
    client.destroy();
    await server.stop();
    await service.close();
  });
  return client;
}

/** The op and the content of a step's request. */
function requestOf(step: OpStep): readonly [number, string] {
  switch (step.operation) {
    case 'unknown':
      return [step.code, ''];
    case 'search':
      return [Operation.search, step.query];
    case 'send':
      return [Operation.send, `${step.sender}|${step.recipient}|${step.body}`];
    default:
      return [Operation[step.operation], step.username];
  }
}

function lines(messages: readonly Message[]): string {
  return messages.map(({ sender, body }) => `${sender}|${body}`).join('\n');
}

/** The items of a step's answer, joined as both dialects do; undefined if it has none. */
function listOf(step: OpStep): { text: string; count: number } | undefined {
  if ('unread' in step && step.unread) {
    return { text: lines(step.unread), count: step.unread.length };
  }
  if ('usernames' in step && step.usernames) {
    return { text: step.usernames.join('|'), count: step.usernames.length };
  }
  return undefined;
}

const byte = String.fromCharCode;
const u16 = (value: number) => byte(value >> 8, value & 0xff);

// Laid out here once more, by clauses 6 and 7 alone, so that the codec is not its own witness.
const dialects = {
  framed: {
    request: (operation: number, content: string) =>
      byte(operation) + u16(content.length) + content,
    answers(step: OpStep): readonly string[] {
      const list = listOf(step);
      const answer = byte(step.status) + (list ? u16(list.text.length) + list.text : '');
      if (!('arrives' in step && step.arrives)) return [answer];
      const message = lines([step.arrives]);
      const push = byte(Status.incoming) + u16(message.length) + message;
      // Which of the two comes first is the server's to choose. [P-6.7]
      return [answer + push, push + answer];
    },
    // Otherwise the message to oneself would be unread at the next login.
    taken: '\x08\x00\x011',
  },
  seed: {
    request: (operation: number, content: string) => byte(operation) + content,
    answers(step: OpStep): readonly string[] {
      const list = listOf(step);
      if (list !== undefined) return [byte(step.status) + u16(list.count) + list.text];
      if (!('arrives' in step && step.arrives)) return [byte(step.status)];
      return [byte(Status.incoming) + lines([step.arrives])];
    },
    taken: '',
  },
};

describe.each(['framed', 'seed'] as const)('the op suite of 2023 in the %s dialect', (name) => {
  test('is answered as it was, over a plain socket', async () => {
    const dialect = dialects[name];
    const client = await connectToEmptyService();
    if (name === 'framed') {
      client.write('\x81');
      expect(await client.read(1)).toBe('\x81');
    }
    for (const step of opSuite) {
      client.write(dialect.request(...requestOf(step)));
      const answers = dialect.answers(step);
      expect(answers).toContain(await client.read((answers[0] as string).length));
      if ('arrives' in step) client.write(dialect.taken);
    }
    client.end();
    expect(await client.readToEnd()).toBe('');
  });
});

test('the op suite is answered the same when it is sent in one segment, in the framed dialect', async () => {
  const client = await connectToEmptyService();
  const { request, answers, taken } = dialects.framed;
  const requests = opSuite.map((step) =>
    'arrives' in step ? request(...requestOf(step)) + taken : request(...requestOf(step)),
  );
  client.write(`\x81${requests.join('')}`);
  client.end();
  const heard = await client.readToEnd();
  const expected = opSuite.map((step) => answers(step)[0]).join('');
  const pushFirst = opSuite.map((step) => answers(step).at(-1)).join('');
  expect([`\x81${expected}`, `\x81${pushFirst}`]).toContain(heard);
});
