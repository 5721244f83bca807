import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, type TestContext, test } from 'vitest';
import { attacks } from '../src/attack/attacks/index.ts';
import { attackShortly, wrongWith } from './attack-run.ts';
import { RigProgram, untilGone } from './rig-program.ts';

const hurtServe = fileURLToPath(new URL('fixtures/hurt-serve.ts', import.meta.url));

const groups: Readonly<Record<string, readonly string[]>> = {
  frames: [
    'continuation-flood',
    'continuation-flood-small',
    'made-you-reset',
    'settings-flood',
    'ping-flood',
    'ping-flood-read',
    'window-update-flood',
    'empty-data-flood',
    'priority-flood',
    'unknown-frame-flood',
  ],
  'bytes and connections': [
    'nobody',
    'garbage',
    'http1',
    'tls',
    'half-requests',
    'slow-sockets',
    'slow-grpc',
    'idle-sockets',
    'idle-grpc',
    'connect-reset',
  ],
  // Its server and its honest clients speak TLS.
  TLS: ['tls-handshakes', 'tls-half-handshakes', 'tls-new-keys', 'tls-tiny-records'],
  // It sets options of the whole server, so it attacks alone.
  descriptors: ['descriptor-limit'],
  calls: [
    'hpack-amplification',
    'header-lines-flood',
    'rapid-reset',
    'call-flood',
    'silent-calls',
    'half-said-calls',
    'endless-calls',
    'subscribe-calls',
    'odd-timeouts',
    'compressed-bombs',
    'unknown-methods',
    'health-watch',
    'reflection-flood',
    'reflection-unread',
  ],
  answers: [
    'reset-in-search',
    'reset-in-login',
    'reset-in-call',
    'unread-searches',
    'unread-calls',
    'unread-converse',
    'unread-logins',
    'mailbox-logins',
  ],
  secrets: ['guess-account-sockets', 'guess-account-unary', 'guess-accounts-sockets'],
  'searches and writes': [
    'search-flood-sockets',
    'search-flood-addresses',
    'search-flood-hard',
    'search-flood-converse',
    'search-flood-unary',
    'mailbox-flood',
    'register-flood',
    'flooded-sessions',
    'session-churn',
    'seed-flood',
  ],
};

function startAttack(test: TestContext, ...args: readonly string[]): RigProgram {
  return new RigProgram('attack/main.ts', args, test);
}

test('the groups have each attack once', () => {
  const names = attacks.map(({ name }) => name);
  expect(Object.values(groups).flat().sort()).toEqual(names.sort());
});

// The attacks of a group run at once, so that the start of processes takes less time than the attack. The groups run
// one after the other: attackers have a low priority, and get no turn beside several busy servers.
test.each(Object.entries(groups))('tandem serve holds against %s', async (_, names) => {
  const run = await attackShortly(names.join('+'));
  expect(wrongWith(run)).toEqual([]);
  const [report] = run.attacks;
  // There were attacks, and honest clients were served.
  expect(report?.counts.connections).toBeGreaterThan(names.length);
  expect(report?.honest.every(({ record }) => record.asked > 0)).toBe(true);
});

describe.concurrent('a server with a fault', () => {
  test('is detected by text outside its log', async () => {
    const command = [hurtServe, 'writes outside the log'];
    const run = await attackShortly('ping-flood', { command });
    expect(wrongWith(run)).toMatchObject([
      { name: 'log', found: 'outside the log: (node:1) Warning: something is odd' },
    ]);
  });

  test('is detected when it dies, and its data is checked', async () => {
    const run = await attackShortly('ping-flood', { command: [hurtServe, 'dies'] });
    const names = wrongWith(run).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['served', 'stop']));
    expect(names).not.toContain('data');
    expect(run.verdicts.find(({ name }) => name === 'stop')?.found).toMatch(
      /by itself with SIGKILL/,
    );
  });
});

describe.concurrent('pnpm attack', () => {
  const long = ['ping-flood', '--seconds', '60', '--baseline', '0.1'];

  test('lists the attacks and their defences', async (context) => {
    const program = startAttack(context, '--list');
    expect(await program.exited).toEqual([0, null]);
    expect(program.output).toMatch(/^http2$/m);
    expect(program.output).toMatch(/^ {2}rapid-reset +searches that/m);
  });

  test('ends at Ctrl-C with the results so far, and leaves nothing behind', async (context) => {
    const program = startAttack(context, ...long, '--json');
    // The processes are the server, two honest clients and an attacker.
    const children = await program.untilChildren(4);
    program.signal('SIGINT');
    expect(await program.exited).toEqual([130, null]);
    await untilGone(children);
    expect(JSON.parse(program.output)).toMatchObject([{ store: 'sqlite' }]);
    expect(readdirSync(program.directory)).toEqual([]);
  });

  test('leaves no process behind when it is killed', async (context) => {
    const program = startAttack(context, ...long);
    const children = await program.untilChildren(4);
    program.signal('SIGINT');
    program.signal('SIGTERM');
    expect(await program.exited).toEqual([130, null]);
    await untilGone(children);
    expect(existsSync(program.directory) && readdirSync(program.directory)).toEqual([]);
  });

  test.for<[args: string[], complaint: RegExp]>([
    [['no-such-thing'], /There is no attack "no-such-thing"\. pnpm attack --list shows them/],
    [[], /It takes the name of an attack/],
    [['ping-flood', '--hours', '1'], /unknown option/],
  ])('refuses %s with a reason', async ([args, complaint], context) => {
    const program = startAttack(context, ...args);
    expect(await program.exited).toEqual([64, null]);
    expect(program.errorOutput).toMatch(complaint);
    expect(program.errorOutput).not.toContain('    at ');
  });
});
