import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startStage } from './fixture.ts';
import { frameStatuses, RawSession, responseOf } from './hostile/raw-session.ts';

describe('a server that stops', () => {
  it('ends the streams with UNAVAILABLE, and its sessions', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const { subscription } = await stage.client().enter('alice');
    const stream = stage.client().converse();
    stream.say({ login: { username: 'bob' } });
    await stream.take(1);
    await stage.server.stop();
    expect([await subscription.ended, await stream.ended]).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect([stage.isFree('alice'), stage.isFree('bob')]).toEqual([true, true]);
    expect(stage.server.connectionCount).toBe(0);
  });

  it('answers the calls under way, and refuses others', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice'] });
    await stage.fillMailbox('alice', ['hi']);
    const client = stage.client();
    const other = stage.client();
    await other.outcome('Search', {});
    const held = [store.hold('addAccount'), store.hold('readMessages')];
    const register = client.outcome('Register', { username: 'zoe' });
    const login = client.outcome('Login', { username: 'alice' });
    await Promise.all(held);
    const stopped = stage.server.stop();
    expect(await other.outcome('Register', { username: 'late' })).toBe('UNAVAILABLE');
    expect(await client.outcome('Register', { username: 'late' })).toBe('UNAVAILABLE');
    store.release('addAccount');
    store.release('readMessages');
    expect([await register, await login]).toEqual([1, 9]);
    await stopped;
    expect(stage.service.accountCount).toBe(2);
    expect(stage.isFree('alice')).toBe(true);
  });

  it('answers what a Converse stream has asked, and takes nothing that it says later', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    const raw = await RawSession.connect(stage.server.port);
    const stream = raw.open('Converse');
    const answer = responseOf(stream);
    const held = store.hold('addMessage');
    const message = { sender: 'alice', recipient: 'bob', body: 'hi' };
    stream.write(raw.frame({ login: { username: 'alice' } }));
    stream.write(raw.frame({ send: message }));
    stream.write(raw.frame({ search: { query: 'y' } }));
    stream.write(raw.frame({ register: { username: 'zoe' } }));
    await Promise.all([held, raw.heard()]);
    const stopped = stage.server.stop();
    stream.write(raw.frame({ register: { username: 'late' } }));
    await raw.heard();
    store.release('addMessage');
    const { bytes, grpcStatus } = await answer;
    expect([frameStatuses(bytes), grpcStatus]).toEqual([[8, 25, 17, 1], 14]);
    await stopped;
    expect(stage.service.accountCount).toBe(3);
  });

  it('ends by force, after its grace, who does not read', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `${i}`.padEnd(50, 'n'));
    const stage = await startStage({ users: names, limits: { stopGraceMs: 50 } });
    const raw = await RawSession.connect(stage.server.port, 0);
    raw.start('Search', raw.query('*'));
    raw.start('Subscribe', raw.username('nobody'));
    await stage.untilSteady(() => raw.session.state.localWindowSize ?? 0);
    await stage.server.stop();
    expect(stage.server.connectionCount).toBe(0);
    await raw.closed;
  });

  it('waits for a commit that takes long, but not for ever', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, limits: { stopGraceMs: 50 } });
    const held = store.hold('addAccount');
    const register = stage.client().outcome('Register', { username: 'zoe' });
    await held;
    await stage.server.stop();
    expect(await register).toBe('UNAVAILABLE');
    store.release('addAccount');
  });

  it('ends by force who never closes, or says nothing that it understands', async () => {
    const stage = await startStage({ limits: { stopGraceMs: 50 } });
    const silent = connect({ port: stage.server.port, host: '127.0.0.1', allowHalfOpen: true });
    silent.on('error', () => {});
    await once(silent, 'connect');
    await stage.until(() => stage.server.connectionCount === 2);
    await stage.server.stop();
    expect(stage.server.connectionCount).toBe(0);
    silent.destroy();
  });

  it('stops once however often it is told', async () => {
    const stage = await startStage();
    await stage.client().outcome('Search', {});
    await Promise.all([stage.server.stop(), stage.server.stop()]);
    await stage.server.stop();
    expect(stage.server.port).toBeGreaterThan(0);
  });

  it('takes no new connections', async () => {
    const stage = await startStage();
    const stopped = stage.server.stop();
    const late = connect(stage.server.port, '127.0.0.1');
    const [error] = await once(late, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    await stopped;
  });

  it('leaves nothing behind that would keep its process alive', async () => {
    const script = fileURLToPath(new URL('fixtures/start-and-stop.ts', import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

it('cannot start where another listens, and says so', async () => {
  const stage = await startStage();
  const { startGrpcServer } = await import('../src/index.ts');
  const { pino } = await import('pino');
  const { service, server } = stage;
  const options = {
    service,
    host: '127.0.0.1',
    port: server.port,
    logger: pino({ level: 'silent' }),
  };
  await expect(startGrpcServer(options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
