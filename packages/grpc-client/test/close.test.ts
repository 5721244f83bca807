import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { connectConverse, connectScripted, connectUnaryBob } from './fixture.ts';
import { ScriptedServer } from './scripted-server.ts';

const run = promisify(execFile);
const openAndClose = fileURLToPath(new URL('fixtures/open-and-close.ts', import.meta.url));

describe.each(['converse', 'unary'] as const)('closing a %s client', (mode) => {
  test('rejects what is under way and what comes later, with the code closed', async () => {
    const { client, server } = await connectScripted({ mode });
    const pending = client.search('*');
    const closing = client.close();
    await expect(pending).rejects.toMatchObject({ code: 'closed' });
    await expect(client.search('*')).rejects.toMatchObject({ code: 'closed' });
    await expect(client.send('not valid', '')).rejects.toMatchObject({ code: 'closed' });
    if (mode === 'unary') (await server.call('Search')).answer({ statusCode: 17 });
    else (await server.converse()).end();
    await closing;
    expect(await client.closed).toBeUndefined();
  });

  test('may be done twice, and after the server went away', async () => {
    const { client, server } = await connectScripted({ mode });
    server.die();
    const error = await client.closed;
    await Promise.all([client.close(), client.close()]);
    expect(await client.closed).toBe(error);
    await expect(client.search('*')).rejects.toBe(error);
  });

  test('leaves no rejection unhandled when nobody looks at the requests', async () => {
    const { client, server } = await connectScripted({ mode });
    void client.search('*');
    void client.login('bob');
    server.die();
    await client.closed;
    void client.search('*');
    await new Promise((resolve) => setImmediate(resolve));
  });

  test('leaves nothing that keeps a process, whether it was closed, broken or refused', async () => {
    const server = await ScriptedServer.start();
    const serving = (async () => {
      if (mode === 'unary') (await server.call('Search')).answer({ statusCode: 17 });
      else {
        const stream = await server.converse();
        await stream.read();
        stream.write({ statusCode: 17 });
        await stream.read();
        stream.end();
      }
    })();
    const { stdout } = await run(process.execPath, [openAndClose, mode, String(server.port)]);
    expect(stdout).toBe('17\nresponse-timeout\nconnect-failed\n');
    await serving;
    server.die();
  });
});

describe('closing', () => {
  test('cuts a Converse stream that the server does not end', async () => {
    const { client, stream } = await connectConverse();
    await client.close();
    await stream.cancelled;
    expect(await client.closed).toBeUndefined();
  });

  test('cuts a unary call that the server does not answer, and ends the messages', async () => {
    const { client, server, stream } = await connectUnaryBob();
    const next = client.messages.next();
    client.search('*').catch(() => {});
    await server.call('Search');
    await client.close();
    await stream.cancelled;
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
