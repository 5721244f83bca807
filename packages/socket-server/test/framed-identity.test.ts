import { describe, expect, it } from 'vitest';
import { frame, startStage } from './fixture.ts';
import { FrameReader } from './frames.ts';

const secret = 'correct horse';

describe('secrets in the framed dialect', () => {
  it('registers, logs in with a token before the mailbox, and resumes with the next one', async () => {
    const stage = await startStage({ users: ['bob'] });
    const bob = await stage.framedAs('bob');
    const alice = await stage.framed();
    alice.say(frame(10, `alice|${secret}`));
    const heard = new FrameReader(alice);
    expect(await heard.next()).toEqual({ status: 1, content: '' });
    expect(await bob.ask('\x04\x00\x0cbob|alice|hi', 1)).toBe('\x19');
    alice.say(
      [frame(2, 'alice'), frame(9, 'alice|wrong horse'), frame(9, `alice|${secret}`)].join(''),
    );
    expect((await heard.next()).status).toBe(120);
    expect((await heard.next()).status).toBe(14);
    const { status, content: token } = await heard.next();
    expect(status).toBe(13);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await heard.next()).toEqual({ status: 9, content: 'bob|hi' });

    const again = await stage.framed();
    again.say(frame(11, `alice|${token}|1`));
    const heardAgain = new FrameReader(again);
    expect(await heardAgain.next()).toMatchObject({ status: 13 });
    expect(await heardAgain.next()).toEqual({ status: 8, content: '' });
    await alice.hearToEnd();
  });

  it('takes what was sent behind a register with a secret when that is done, in order', async () => {
    const stage = await startStage();
    const client = await stage.framed();
    client.say(
      [
        frame(10, `alice|${secret}`),
        frame(9, `alice|${secret}`),
        frame(12, `alice|${secret}|another horse`),
        frame(5, 'alice'),
        frame(9, `alice|${secret}`),
        frame(3, '*'),
      ].join(''),
    );
    const heard = await new FrameReader(client).nextThrough(16);
    expect(heard.map(({ status }) => status)).toEqual([1, 13, 8, 64, 40, 14, 16]);
  });

  it('answers 126 and closes when a resume has taken more than was sent', async () => {
    const stage = await startStage();
    const alice = await stage.framed();
    alice.say([frame(10, `alice|${secret}`), frame(9, `alice|${secret}`)].join(''));
    const heard = await new FrameReader(alice).nextThrough(8);
    const token = heard.at(-2)?.content;
    const liar = await stage.framed();
    expect(await liar.ask(frame(11, `alice|${token}|1`), 1)).toBe('\x7e');
    await liar.hearToEnd();
    // The session goes on where it was.
    expect(await alice.ask(frame(4, 'alice|nobody|hi'), 1)).toBe('\x1a');
  });

  it('refuses what is not well formed, whose name it is in first', async () => {
    const stage = await startStage({ users: ['alice'] });
    const client = await stage.framed();
    const refusal = async (operation: number, content: string) =>
      (await client.ask(frame(operation, content), 1)).charCodeAt(0);
    for (const operation of [9, 10, 11]) {
      for (const content of ['', 'alice', 'alice|a|b|c', 'no one|x|1']) {
        expect([operation, content, await refusal(operation, content)]).toEqual([
          operation,
          content,
          122,
        ]);
      }
    }
    for (const operation of [12, 13, 14]) expect(await refusal(operation, 'alice')).toBe(120);
    await client.ask('\x02\x00\x05alice', 1);
    for (const operation of [12, 13, 14]) {
      expect(await refusal(operation, 'bob|x|y')).toBe(120);
      expect(await refusal(operation, 'alice')).toBe(122);
      expect(await refusal(operation, 'alice|a|b|c')).toBe(122);
    }
    expect(await refusal(11, `alice|${'A'.repeat(43)}|0`)).toBe(121);
    expect(await refusal(10, 'bob|short')).toBe(117);
    expect(await refusal(10, `bob|${'x'.repeat(129)}`)).toBe(118);
  });

  it('refuses the seed dialect an account with a secret with 127', async () => {
    const stage = await startStage();
    await stage.service.register('alice', secret);
    const client = await stage.stranger();
    client.say('\x02alice');
    expect(await client.hear(1)).toBe('\x7f');
  });
});
