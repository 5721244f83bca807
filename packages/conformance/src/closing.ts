import type { ChatClient } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import type { Open } from './stage.ts';

/** The end of a client. */
export function describeClosing(open: Open): void {
  describe('closing', () => {
    test('may be done twice, at once or one after the other', async () => {
      const client = await (await open()).newUser('ann');
      await Promise.all([client.close(), client.close()]);
      await client.close();
      expect(await client.closed).toBeUndefined();
    });

    test('makes later calls reject with the code closed, whatever they ask', async () => {
      const client = await (await open()).newUser('ann');
      await client.close();
      for (const call of everyCall(client)) {
        await expect(call).rejects.toMatchObject({ name: 'ChatError', code: 'closed' });
      }
    });

    test('ends the messages, for a consumer that waits and for one that comes later', async () => {
      const client = await (await open()).newUser('ann');
      const next = client.messages.next();
      await client.close();
      expect(await next).toEqual({ done: true, value: undefined });
      expect(await client.messages.next()).toEqual({ done: true, value: undefined });
    });

    test('may be done before a login, and after being killed', async () => {
      const stage = await open();
      const [fresh, killed] = [await stage.connect(), await stage.newUser('ann')];
      await fresh.close();
      await stage.kill(killed);
      await killed.closed;
      await killed.close();
    });
  });
}

function everyCall(client: ChatClient): Promise<unknown>[] {
  return [
    client.register('bob'),
    client.register('not valid'),
    client.login('ann'),
    client.search('*'),
    client.search('not valid'),
    client.send('ann', 'hi'),
    client.send('ann', 'a|b'),
    client.logout(),
    client.delete(),
  ];
}
