import { EventEmitter } from 'node:events';
import { type ChatClient, ChatError, Inbox, Status } from '@tandem/core';
import { describe, expect, it } from 'vitest';
import type { ChatConsole, ConsoleHandlers } from './console/chat-console.ts';
import { Shell } from './shell.ts';

/** A console that keeps what it is told, and that types when a test says so. */
class FakeConsole implements ChatConsole {
  readonly columns = undefined;
  readonly printed: string[] = [];
  closed = false;
  room: Promise<void> = Promise.resolve();
  handlers: ConsoleHandlers | undefined;

  start(handlers: ConsoleHandlers): void {
    this.handlers = handlers;
  }
  print(text: string): void {
    this.printed.push(text.trimEnd());
  }
  refresh(): void {}
  remember(): void {}
  drained(): Promise<void> {
    return this.room;
  }
  close(): void {
    this.closed = true;
  }
}

function start(answers: Partial<ChatClient>, terminal = false) {
  const inbox = new Inbox(() => undefined);
  const closed = Promise.withResolvers<ChatError | undefined>();
  const said: string[] = [];
  const client = {
    messages: inbox,
    closed: closed.promise,
    async logout() {
      said.push(`logout after ${inbox.taken} taken`);
      return { status: Status.loggedOut };
    },
    async close() {
      said.push('close');
      inbox.end();
    },
    ...answers,
  } as ChatClient;
  const console = new FakeConsole();
  const look = { terminal, color: false };
  const signals = new EventEmitter();
  const farewellTimeoutMs = 60_000;
  const shell = new Shell({ client, console, look, serverName: '', signals, farewellTimeoutMs });
  const exit = shell.run();
  const type = (line: string) => console.handlers?.onLine(line);
  return { console, inbox, closed, exit, said, signals, type };
}

/** Lets everything that only waits for its turn go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const oneUnread = { status: Status.loggedInUnread, unread: 1 } as const;

describe('Shell', () => {
  it('says how many messages were unread before it shows the first, even if that came earlier', async () => {
    const login = Promise.withResolvers<typeof oneUnread>();
    const { console, inbox, exit, said, type } = start({ login: () => login.promise });
    type('login alice');
    inbox.deliver({ sender: 'bob', body: 'hi' });
    await turn();
    expect(console.printed).toEqual([]);
    login.resolve(oneUnread);
    console.handlers?.onEnd();
    expect(await exit).toBe(0);
    expect(console.printed).toEqual([
      'logged in as alice; 1 unread message:',
      'bob: hi',
      'logged out alice',
    ]);
    expect(said).toEqual(['logout after 1 taken', 'close']);
  });

  it('takes no message that it could not show', async () => {
    const { console, inbox, exit, type } = start({ login: () => Promise.resolve(oneUnread) });
    const room = Promise.withResolvers<void>();
    console.room = room.promise;
    type('login alice');
    inbox.deliver({ sender: 'bob', body: 'hi' });
    await turn();
    expect([console.printed.length, inbox.taken]).toEqual([1, 0]);
    room.resolve();
    await turn();
    expect([console.printed.at(-1), inbox.taken]).toEqual(['bob: hi', 1]);
    console.handlers?.onEnd();
    await exit;
  });

  it('gives the terminal back when the server goes away while it asks', async () => {
    const { console, closed, exit, type } = start({}, true);
    type('login');
    closed.resolve(new ChatError('server-stopped', 'it was shut down'));
    expect(await exit).toBe(1);
    expect(console.closed).toBe(true);
    expect(console.printed.at(-1)).toContain('the server is gone: it was shut down');
  });

  it('says a broken connection once, though the call that was under way failed too', async () => {
    const lost = new ChatError('connection-lost', 'it ended');
    const { console, closed, exit, type } = start({ search: () => Promise.reject(lost) });
    type('search a');
    closed.resolve(lost);
    expect(await exit).toBe(1);
    expect(console.printed).toHaveLength(1);
  });

  it('logs out on a signal, and listens to no more of them once it has left', async () => {
    const status = Status.loggedIn;
    const { signals, exit, said, type } = start({ login: async () => ({ status, unread: 0 }) });
    type('login alice');
    await turn();
    signals.emit('SIGTERM');
    expect(await exit).toBe(143);
    expect(said).toEqual(['logout after 0 taken', 'close']);
    expect(signals.eventNames()).toEqual([]);
  });

  it('gives the terminal back even when this program is wrong', async () => {
    const { console, exit, type } = start({ search: () => Promise.reject(new TypeError('a bug')) });
    type('search a');
    await expect(exit).rejects.toThrow('a bug');
    expect(console.closed).toBe(true);
  });
});
