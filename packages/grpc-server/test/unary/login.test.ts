import { once } from 'node:events';
import { MemoryStore } from '@tandem/chat';
import { GatedStore } from '@tandem/chat/testing';
import { MemoryBudget } from '@tandem/core/server';
import { describe, expect, it } from 'vitest';
import { startStage } from '../fixture.ts';
import { RawSession } from '../hostile/raw-session.ts';

describe('a Login that does not get through', () => {
  it('ends the session when it is cancelled while the mailbox is read', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice'] });
    await stage.fillMailbox('alice', ['hi']);
    const held = store.hold('readMessages');
    const client = stage.client();
    const cancelled = new Promise((resolve) => {
      const call = client.stub.Login({ username: 'alice' }, resolve);
      void held.then(() => call.cancel());
    });
    await cancelled;
    await stage.until(() => stage.isFree('alice'));
    store.release('readMessages');
    expect(await stage.unread('alice')).toEqual(['hi']);
  });

  it('ends the session when it is cancelled while the account is written', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store });
    const held = store.hold('addAccount');
    const client = stage.client();
    void client.outcome('Register', { username: 'alice' });
    await held;
    const call = client.stub.Login({ username: 'alice' }, () => {});
    await stage.until(() => !stage.isFree('alice'));
    call.cancel();
    await stage.until(() => stage.isFree('alice'));
    store.release('addAccount');
    expect((await stage.untilFree('alice')).statusCode).toBe(8);
  });

  it('leaves nothing behind that its connection would be taken for when it is cancelled', async () => {
    const read = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    class FirstReadWaits extends MemoryStore {
      #reads = 0;

      override async readMessages(...asked: Parameters<MemoryStore['readMessages']>) {
        arrived.resolve();
        if (this.#reads++ === 0) await read.promise;
        return super.readMessages(...asked);
      }
    }
    const stage = await startStage({ store: new FirstReadWaits(), users: ['alice'] });
    await stage.fillMailbox('alice', ['hi']);
    const client = stage.client();
    const cancelled = client.stub.Login({ username: 'alice' }, () => {});
    await arrived.promise;
    cancelled.cancel();
    await stage.until(() => stage.isFree('alice'));
    await client.enter('alice');
    read.resolve();
    await stage.untilSteady(() => 0);
    expect(await client.outcome('Logout', { username: 'alice' })).toBe(40);
  });

  it('ends the session when its deadline passes', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice'] });
    await stage.fillMailbox('alice', ['hi']);
    const held = store.hold('readMessages');
    const deadline = Date.now() + 100;
    const outcome = stage.client().outcome('Login', { username: 'alice' }, undefined, { deadline });
    await held;
    expect(await outcome).toBe('DEADLINE_EXCEEDED');
    await stage.until(() => stage.isFree('alice'));
    store.release('readMessages');
    expect(await stage.unread('alice')).toEqual(['hi']);
  });

  it('ends the session, and loses nothing, when the mailbox cannot be read', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice'] });
    await stage.fillMailbox('alice', ['hi']);
    const held = store.hold('readMessages');
    const outcome = stage.client().outcome('Login', { username: 'alice' });
    await held;
    store.fail('readMessages');
    expect(await outcome).toBe('INTERNAL');
    expect(stage.logged.join('')).toContain('the disk is gone');
    store.release('readMessages');
    expect(await stage.unread('alice')).toEqual(['hi']);
  });

  it('ends the session, and loses nothing, when too many bytes wait', async () => {
    // One connection may hold an eighth: a call, and no mailbox of 80,000 bytes.
    const stage = await startStage({ users: ['alice'], budget: new MemoryBudget(8 * 100_000) });
    const long = Array<string>(250).fill('m'.repeat(262));
    await stage.fillMailbox('alice', long);
    const client = stage.client();
    for (let i = 0; i < 3; i++) {
      expect(await client.outcome('Login', { username: 'alice' })).toBe('RESOURCE_EXHAUSTED');
    }
    const inside = stage.service.connect({
      push() {},
      mailboxFailed() {},
      resumedElsewhere() {},
      dismissed() {},
    });
    const login = await inside.login('alice');
    expect(login).toMatchObject({ status: 9, session: { unread: long.length } });
  });

  it('does not let a Subscribe in before it has its mailbox', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice'] });
    await stage.fillMailbox('alice', ['1', '2']);
    const client = stage.client();
    const held = store.hold('readMessages');
    const login = client.login('alice');
    await held;
    expect(await client.subscribe('alice').ended).toBe('UNAUTHENTICATED');
    store.release('readMessages');
    expect((await login).messages).toHaveLength(2);
    const subscription = client.subscribe('alice');
    await stage.fillMailbox('alice', ['3']);
    expect((await subscription.take(1))[0]?.body).toBe('3');
  });

  it('takes nothing though a stream has taken messages that came after those of the Login', async () => {
    const stage = await startStage({ users: ['alice'] });
    await stage.fillMailbox('alice', ['old']);
    const raw = await RawSession.connect(stage.server.port, 0);
    const login = raw.start('Login', raw.username('alice'));
    const [headers] = await once(login, 'response');
    const subscription = stage.client().subscribe('alice', `${headers['session-token']}`);
    await stage.fillMailbox('alice', ['new']);
    expect((await subscription.take(1))[0]?.body).toBe('new');
    await stage.untilSteady(() => 0);
    login.close(8);
    await stage.until(() => stage.isFree('alice'));
    expect(await stage.unread('alice')).toEqual(['old', 'new']);
    raw.destroy();
  });
});
