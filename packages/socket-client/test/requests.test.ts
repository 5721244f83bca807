import { describe, expect, test } from 'vitest';
import { connectBob, connectGreeted } from './fixture.ts';

describe('requests', () => {
  test('are answered in their order, messages and a shutdown standing between', async () => {
    const { client, server } = await connectBob();
    const pending = [client.search('a*'), client.send('ann', 'hi'), client.register('bob')];
    expect(await server.read(5 + 13 + 6)).toBe(
      '\x03\x00\x02a*\x04\x00\x0abob|ann|hi\x01\x00\x03bob',
    );
    server.write('\x20\x00\x06ann|yo\x10\x00\x03ann\x7c\x18\x20\x00\x06ann|ho\x02');
    expect(await Promise.all(pending)).toEqual([
      { status: 16, usernames: ['ann'] },
      { status: 24 },
      { status: 2 },
    ]);
    expect(await client.messages.next()).toEqual({
      done: false,
      value: { sender: 'ann', body: 'yo' },
    });
    expect(await client.messages.next()).toEqual({
      done: false,
      value: { sender: 'ann', body: 'ho' },
    });
  });

  test('a thousand of them go out together and are answered in order', async () => {
    const { client, server } = await connectGreeted();
    const pending = Array.from({ length: 1_000 }, () => client.search('*'));
    expect(await server.read(4_000)).toBe('\x03\x00\x01*'.repeat(1_000));
    server.write('\x11\x10\x00\x03bob'.repeat(500));
    const outcomes = await Promise.all(pending);
    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => (i % 2 === 0 ? 17 : 16)),
    );
  });

  test('are answered by what arrives byte by byte', async () => {
    const { client, server } = await connectGreeted();
    const pending = Promise.all([
      client.login('bob'),
      client.search('*'),
      client.send('bob', 'hi'),
    ]);
    const answers = '\x0c\x00\x04a|hi\x09\x00\x04b|ho\x12\x00\x01a\x13\x00\x01b\x18\x20\x00\x03c|x';
    await server.writeByteByByte(answers);
    expect(await pending).toEqual([
      { status: 9, unread: 2 },
      { status: 19, usernames: ['a', 'b'] },
      { status: 24 },
    ]);
    for (const message of [
      { sender: 'a', body: 'hi' },
      { sender: 'b', body: 'ho' },
      { sender: 'c', body: 'x' },
    ]) {
      expect(await client.messages.next()).toEqual({ done: false, value: message });
    }
  });

  test('begin a session with a 9 without messages, and without a 13, which a failing store leaves', async () => {
    const { client, server } = await connectGreeted();
    const pending = Promise.all([client.login('bob', 'correct horse'), client.search('*')]);
    server.write('\x09\x00\x00\x11\x20\x00\x04a|hi');
    expect(await pending).toEqual([{ status: 9, unread: 0 }, { status: 17 }]);
    expect(client.resumption).toBeUndefined();
    expect((await client.messages.next()).value).toEqual({ sender: 'a', body: 'hi' });
  });

  test('speak for the user of the session', async () => {
    const { client, server } = await connectBob();
    const pending = [client.send('ann', 'hi'), client.delete()];
    expect(await server.read(13 + 6)).toBe('\x04\x00\x0abob|ann|hi\x06\x00\x03bob');
    server.write('\x19\x30');
    expect(await Promise.all(pending)).toEqual([{ status: 25 }, { status: 48 }]);
  });

  test('speak for the user of the login under way, and after a logout for nobody', async () => {
    const { client, server } = await connectGreeted();
    const pending = [
      client.login('bob'),
      client.send('a', 'x'),
      client.logout(),
      client.send('a', 'x'),
    ];
    expect(await server.read(6 + 10 + 6 + 7)).toBe(
      '\x02\x00\x03bob\x04\x00\x07bob|a|x\x05\x00\x03bob\x04\x00\x04|a|x',
    );
    server.write('\x08\x18\x28\x78');
    expect(await Promise.all(pending)).toEqual([
      { status: 8, unread: 0 },
      { status: 24 },
      { status: 40 },
      { status: 120 },
    ]);
  });

  test('speak for nobody when the login failed, and for the first when a second was refused', async () => {
    const { client, server } = await connectGreeted();
    const failed = client.login('bob');
    server.write('\x0b');
    expect(await failed).toEqual({ status: 11 });
    const nobody = client.logout();
    expect(await server.read(6 + 3)).toBe('\x02\x00\x03bob\x05\x00\x00');
    server.write('\x78');
    expect(await nobody).toEqual({ status: 120 });

    const logins = [client.login('ann'), client.login('bob')];
    server.write('\x08\x79');
    expect(await Promise.all(logins)).toEqual([{ status: 8, unread: 0 }, { status: 121 }]);
    await server.read(12);
    const send = client.send('a', 'x');
    expect(await server.read(10)).toBe('\x04\x00\x07ann|a|x');
    server.write('\x18');
    expect(await send).toEqual({ status: 24 });
  });
});

describe('content that is not valid', () => {
  test('is refused without a byte on the wire', async () => {
    const { client, server } = await connectBob();
    const tooLong = 'a'.repeat(51);
    const refused = [
      client.register('Łukasz'),
      client.register(''),
      client.search('a|b'),
      client.search(tooLong),
      client.send('not a name', 'hi'),
      client.send('ann', 'a\nb'),
      client.send('ann', 'a'.repeat(263)),
      client.send('ann', ''),
    ];
    expect(await client.login(tooLong)).toEqual({ status: 121 });
    for (const refusal of refused) expect(await refusal).toEqual({ status: 122 });
    const search = client.search('');
    expect(await server.read(3)).toBe('\x03\x00\x00');
    server.write('\x11');
    expect(await search).toEqual({ status: 17 });
  });

  test('is 120 for a send without a session, which comes before 122', async () => {
    const { client, server } = await connectGreeted();
    expect(await client.send('ann', 'a|b')).toEqual({ status: 120 });
    const login = client.login('bob');
    expect(await client.send('ann', 'a|b')).toEqual({ status: 122 });
    server.write('\x08');
    await login;
  });
});
