import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, type TestContext, test } from 'vitest';
import { attackShortly, expectHeld, wrongWith } from './attack-run.ts';
import { RigProgram, stopSignals, untilGone } from './rig-program.ts';

const hurtServe = fileURLToPath(new URL('fixtures/hurt-serve.ts', import.meta.url));

const oneOfEach = [
  'ping-flood',
  'slow-sockets',
  'call-flood',
  'unread-converse',
  'guess-account-sockets',
  'search-flood-sockets',
  'session-churn',
  'garbage',
];

function startAttack(test: TestContext, ...args: readonly string[]): RigProgram {
  return new RigProgram('attack/main.ts', args, test);
}

// All attacks are in attack.long.test.ts, for a second each; here is one of each group that a server without settings
// takes, and TLS.
test.concurrent.each([
  ['one attack of each kind', oneOfEach],
  ['TLS', ['tls-half-handshakes']],
])('tandem serve holds against %s', (_, names) => expectHeld(names, 0.5));

describe.concurrent('a server with a fault', () => {
  // The first connection of the attack causes the fault.
  const seconds = 0.3;

  test('is detected by text outside its log', async () => {
    const command = [hurtServe, 'writes outside the log'];
    const run = await attackShortly('ping-flood', { command, seconds });
    expect(wrongWith(run)).toMatchObject([
      { name: 'log', found: 'outside the log: (node:1) Warning: something is odd' },
    ]);
  });

  test('is detected when it dies, and its data is checked', async () => {
    const run = await attackShortly('ping-flood', { command: [hurtServe, 'dies'], seconds });
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

  test.for(stopSignals)(
    'ends at %s with the results so far and %i, and leaves nothing behind',
    async ([signal, code], context) => {
      const program = startAttack(context, ...long, '--json');
      // The processes are the server, two honest clients and an attacker.
      const children = await program.untilChildren(4);
      program.signal(signal);
      expect(await program.exited).toEqual([code, null]);
      await untilGone(children);
      expect(JSON.parse(program.output)).toMatchObject({
        seconds: 60,
        attacks: [{ attack: 'ping-flood' }],
      });
      expect(readdirSync(program.directory)).toEqual([]);
    },
  );

  test('lists what is named, and not all', async (context) => {
    const program = startAttack(context, '--list', 'rapid-reset', 'silent-calls');
    expect(await program.exited).toEqual([0, null]);
    expect(program.output.match(/defence:/g)).toHaveLength(2);
  });

  test('leaves no process behind when it is killed', async (context) => {
    const program = startAttack(context, ...long);
    const children = await program.untilChildren(4);
    program.signal('SIGINT');
    // Of two signals that are pending, the system handles the later one first.
    await program.until(() => program.errorOutput.includes('once more'));
    program.signal('SIGTERM');
    expect(await program.exited).toEqual([143, null]);
    await untilGone(children);
    expect(existsSync(program.directory) && readdirSync(program.directory)).toEqual([]);
  });

  test.for<[args: string[], complaint: RegExp, code?: number]>([
    [['no-such-thing'], /There is no attack "no-such-thing"\. pnpm attack --list shows them/],
    [['--list', 'no-such-thing'], /There is no attack "no-such-thing"/],
    [[], /It takes the name of an attack/],
    [['ping-flood', '--hours', '1'], /unknown option/],
    [['ping-flood', '--json', '--markdown'], /cannot be used with option '--json'/],
    [['ping-flood', '--render', 'attacks.json'], /--render takes no names of attacks/],
    [['--render', 'none.json'], /^attack: cannot read none\.json: no such file/, 1],
    [['ping-flood', '--serve', '--tls off --store=memory'], /It takes no --store=memory, which/],
    [
      ['ping-flood', '--serve', '--no-such'],
      /^attack: the server did not start:\nerror: .*--no/,
      1,
    ],
  ])('refuses %s with a reason', async ([args, complaint, code = 64], context) => {
    const program = startAttack(context, ...args);
    expect(await program.exited).toEqual([code, null]);
    expect(program.errorOutput).toMatch(complaint);
    expect(program.errorOutput).not.toContain('    at ');
  });
});
