import { Status } from '@tandem/core';
import { describe, expect, it } from 'vitest';
import { ChatService, MemoryStore } from '../../src/index.ts';
import { Stage } from '../stage.ts';

const secret = 'correct horse battery';
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('an administration', () => {
  it('shows users and sessions, and how many messages wait', async () => {
    const stage = await Stage.open();
    const bob = await stage.newUser('bob');
    await stage.register('alice', 'anna');
    await bob.send('bob', 'alice', 'hello');
    await bob.send('bob', 'bob', 'note');
    const { administration } = stage.service;
    expect(await administration.users('a*')).toEqual({
      cut: false,
      users: [
        { username: 'alice', unread: 1, hasSession: false, hasSecret: false },
        { username: 'anna', unread: 0, hasSession: false, hasSecret: false },
      ],
    });
    expect(administration.sessions()).toMatchObject([
      { username: 'bob', unread: 1, inFlight: 1, windowFull: false },
    ]);
    bob.acknowledge(1);
    expect(stage.service.messageCounts).toEqual({ stored: 2, delivered: 1, acknowledged: 1 });
    bob.leave();
    expect(administration.sessions()).toEqual([]);
  });

  it('counts sessions whose window is full', async () => {
    const stage = await Stage.open({ windowMessagesMax: 2 });
    const bob = await stage.newUser('bob');
    for (const body of ['1', '2', '3']) await bob.send('bob', 'bob', body);
    const { administration } = stage.service;
    expect(administration.countSessions()).toEqual({ sessions: 1, windowsFull: 1 });
    bob.acknowledge(2);
    await turn();
    expect(administration.countSessions()).toEqual({ sessions: 1, windowsFull: 0 });
  });

  it('counts mailboxes by size', async () => {
    const stage = await Stage.open();
    const bob = await stage.newUser('bob');
    await stage.register('alice', 'carol');
    for (const body of ['1', '2', '3']) await bob.send('bob', 'alice', body);
    const sizes = await stage.service.administration.mailboxSizes([0, 2], turn);
    expect(sizes).toEqual({ counts: [2, 0, 1], messages: 3 });
  });

  it('ends a session and its connection', async () => {
    const stage = await Stage.open();
    const bob = await stage.newUser('bob');
    const { administration } = stage.service;
    expect(await administration.kick('nobody')).toBe(false);
    expect(await administration.kick('bob')).toBe(true);
    expect(bob.failures).toEqual(['dismissed']);
    expect(bob.username).toBeUndefined();
    expect(await administration.kick('bob')).toBe(false);
  });

  it('deletes an account whose user is logged in', async () => {
    const stage = await Stage.open();
    const bob = await stage.newUser('bob');
    expect(await stage.service.administration.delete('bob')).toBe(true);
    expect(bob.failures).toEqual(['dismissed']);
    expect(await stage.connect().login('bob')).toEqual({ status: Status.notRegistered });
    expect(await stage.service.administration.delete('bob')).toBe(false);
  });
});

async function open(options: Partial<Parameters<typeof ChatService.open>[0]>) {
  const service = await ChatService.open({ store: new MemoryStore(), ...options });
  const ended: string[] = [];
  const connect = () =>
    service.connect({
      push: () => {},
      mailboxFailed: () => {},
      resumedElsewhere: () => {},
      dismissed: () => void ended.push('dismissed'),
    });
  return { service, administration: service.administration, connect, ended };
}

describe('secrets and an operator', () => {
  it('makes accounts where nobody else may', async () => {
    const { service, administration, connect } = await open({ identity: { accounts: 'closed' } });
    expect(await connect().register('bob', secret)).toEqual({ status: Status.notLoggedIn });
    expect(await administration.create('bob', secret)).toEqual({ status: Status.registered });
    expect(await administration.create('bob')).toEqual({ status: Status.usernameTaken });
    expect(await administration.create('b|b')).toEqual({ status: Status.invalidContent });
    expect(await connect().loginWithSecret('bob', secret)).toMatchObject({
      status: Status.loggedIn,
    });
    await service.close();
  });

  it('replaces a secret, after which neither the old one nor a token does', async () => {
    const { service, administration, connect, ended } = await open({});
    await administration.create('bob', secret);
    const before = await connect().loginWithSecret('bob', secret);
    const token = 'token' in before ? (before.token ?? '') : '';
    expect(await administration.resetSecret('bob', 'weak')).toBe(Status.secretTooWeak);
    expect(await administration.resetSecret('eve', secret)).toBe(Status.notRegistered);
    expect(ended).toEqual([]);
    expect(await administration.resetSecret('bob', `${secret} staple`)).toBe(Status.secretChanged);
    expect(ended).toEqual(['dismissed']);
    expect(await connect().resume('bob', token, 0)).toEqual({ status: Status.notResumable });
    expect(await connect().loginWithSecret('bob', secret)).toEqual({ status: Status.wrongSecret });
    expect(await connect().loginWithSecret('bob', `${secret} staple`)).toMatchObject({
      status: Status.loggedIn,
    });
    expect(await administration.resetSecret('bob', undefined)).toBe(Status.secretChanged);
    expect(await connect().login('bob')).toMatchObject({ status: Status.loggedIn });
    await service.close();
  });

  it('lets a banned user neither log in nor resume', async () => {
    const banned = new Set<string>();
    const { service, administration, connect } = await open({
      isBanned: (name) => banned.has(name),
    });
    await administration.create('bob', secret);
    await administration.create('ann');
    const before = await connect().loginWithSecret('bob', secret);
    const token = 'token' in before ? (before.token ?? '') : '';
    banned.add('bob').add('ann');
    expect(await connect().resume('bob', token, 0)).toEqual({ status: Status.notResumable });
    expect(await administration.kick('bob')).toBe(true);
    expect(await connect().loginWithSecret('bob', secret)).toEqual({ status: Status.notLoggedIn });
    expect(await connect().login('ann')).toEqual({ status: Status.notLoggedIn });
    banned.clear();
    expect(await connect().resume('bob', token, 0)).toEqual({ status: Status.notResumable });
    expect(await connect().login('ann')).toMatchObject({ status: Status.loggedIn });
    await service.close();
  });
});
