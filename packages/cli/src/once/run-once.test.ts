import { PassThrough } from 'node:stream';
import {
  type ChatClient,
  ChatError,
  type ExchangeClient,
  type SendOutcome,
  Status,
} from '@tandem/core';
import { expect, it } from 'vitest';
import { runOnce } from './run-once.ts';

/** Sends lines with a client that answers sends so, and returns what it wrote and was asked. */
async function sendLines(lines: string, send: ChatClient['send']) {
  const sent: string[] = [];
  const client: Partial<ChatClient> = {
    closed: Promise.withResolvers<ChatError | undefined>().promise,
    login: async () => ({ status: Status.loggedIn, unread: 0 }),
    send: (to, body) => {
      sent.push(body);
      return send(to, body);
    },
    logout: async () => ({ status: Status.loggedOut }),
    close: async () => {},
  };
  const [input, output, errorOutput] = [new PassThrough(), new PassThrough(), new PassThrough()];
  input.end(lines);
  const exitCode = await runOnce({
    connect: async () => client as ExchangeClient,
    secret: undefined,
    json: false,
    ask: { command: 'send', from: 'alice', to: 'bob', text: '-' },
    input: input as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    errorOutput: errorOutput as unknown as NodeJS.WriteStream,
  });
  return { exitCode, sent, said: String(output.read()), errors: String(errorOutput.read() ?? '') };
}

it('waits as long as the server says, and sends the line again', async () => {
  const answers: SendOutcome[] = [
    { status: Status.tooBusy, retryAfterS: 0.01 },
    { status: Status.delivered },
  ];
  const { exitCode, sent, said, errors } = await sendLines(
    'one\n',
    async () => answers.shift() ?? { status: Status.stored },
  );
  expect({ exitCode, sent, errors }).toEqual({ exitCode: 0, sent: ['one', 'one'], errors: '' });
  expect(said).toBe('delivered to bob\n');
});

it('skips blank lines, and counts them for what it says of others', async () => {
  const { exitCode, sent, errors } = await sendLines('one\n \t\n\ntwo\n', async (_, body) => ({
    status: body === 'one' ? Status.delivered : Status.mailboxFull,
  }));
  expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: ['one', 'two'] });
  expect(errors).toMatch(/^line 4: the mailbox of bob is full/);
});

it('says which line is in doubt when the connection is lost', async () => {
  const { exitCode, errors } = await sendLines('one\n\ntwo\nthree\n', async (_, body) => {
    if (body === 'two') throw new ChatError('connection-lost', 'it ended');
    return { status: Status.delivered };
  });
  expect(exitCode).toBe(1);
  expect(errors).toMatch(
    /^the server is gone: it ended\..*\nline 3: in doubt: "two" was sent to bob/,
  );
});
