import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connectBob, connectGreeted, connectScripted } from './fixture.ts';

describe('closing', () => {
  test('rejects what is under way and what comes later, with the code closed', async () => {
    const { client } = await connectGreeted();
    const pending = client.search('*');
    const closing = client.close();
    await expect(pending).rejects.toMatchObject({ code: 'closed' });
    await expect(client.search('*')).rejects.toMatchObject({ code: 'closed' });
    await expect(client.send('not valid', '')).rejects.toMatchObject({ code: 'closed' });
    await closing;
    expect(await client.closed).toBeUndefined();
  });

  test('sends what was asked, then ends the stream', async () => {
    const { client, server } = await connectScripted();
    client.register('bob').catch(() => {});
    await client.close();
    expect(await server.readToEnd()).toBe('\x81\x01\x00\x03bob');
  });

  test('may be done twice', async () => {
    const { client } = await connectGreeted();
    await Promise.all([client.close(), client.close()]);
    await client.close();
  });

  test('may be done after the server went away', async () => {
    const { client, server } = await connectBob();
    server.end();
    const error = await client.closed;
    await client.close();
    expect(await client.closed).toBe(error);
    await expect(client.search('*')).rejects.toBe(error);
  });

  test('ends the messages for a consumer that waits', async () => {
    const { client } = await connectBob();
    const next = client.messages.next();
    await client.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test('cuts the connection of a server that does not answer the goodbye', async () => {
    const { client, server } = await connectScripted();
    server.socket.pause();
    await client.close();
    expect(await client.closed).toBeUndefined();
  });

  test('leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { client, server } = await connectGreeted();
    const searches = [client.search('*'), client.search('*')];
    server.write('\x11');
    await searches[0];
    await client.close();
    await expect(searches[1]).rejects.toMatchObject({ code: 'closed' });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves no rejection unhandled when nobody looks at the requests', async () => {
    const { client, server } = await connectGreeted();
    void client.search('*');
    void client.login('bob');
    server.reset();
    await client.closed;
    void client.search('*');
    await new Promise((resolve) => setImmediate(resolve));
  });
});
