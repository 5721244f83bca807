import { ChatService, MemoryStore } from '@tandem/chat';
import { startSocketServer } from '@tandem/socket-server';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { RawClient } from './raw-client.ts';

const incoming = '\x20\x00\x06ann|hi';

test('acknowledgements that arrive in one segment each make their room in the mailbox', async () => {
  const limits = { mailboxMessagesMax: 4 };
  const service = await ChatService.open({ store: new MemoryStore(), limits });
  const logger = pino({ level: 'silent' });
  const server = await startSocketServer({ service, host: '127.0.0.1', port: 0, logger });
  const ann = await RawClient.connect(server.port);
  onTestFinished(async () => {
    ann.destroy();
    await server.stop();
    await service.close();
  });

  const send = '\x04\x00\x0aann|ann|hi';
  ann.write(`\x81\x01\x00\x03ann\x02\x00\x03ann${send.repeat(5)}`);
  expect(sorted(await ann.read(3 + 5 + 4 * incoming.length))).toBe(
    sorted(`\x81\x01\x08\x18\x18\x18\x18\x1c${incoming.repeat(4)}`),
  );
  // A send between them, and the search, whose response confirms them.
  ann.write(`\x08\x00\x011\x08\x00\x013${send}\x08\x00\x014\x03\x00\x01x`);
  expect(sorted(await ann.read(2 + incoming.length))).toBe(sorted(`\x18\x11${incoming}`));
  // One is unread: three more find room.
  ann.write(send.repeat(4));
  expect(sorted(await ann.read(4 + 3 * incoming.length))).toBe(
    sorted(`\x18\x18\x18\x1c${incoming.repeat(3)}`),
  );
});

/** Returns the responses alone: the server chooses where pushes stand among them. [P-6.7] */
function sorted(bytes: string): string {
  return [...bytes].sort().join('');
}
