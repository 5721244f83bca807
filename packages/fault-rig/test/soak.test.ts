import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, type TestContext, test } from 'vitest';
import type { RoundReport } from '../src/run/lane.ts';
import { soak } from '../src/run/soak.ts';
import { tandemServe } from '../src/server/server-process.ts';
import { mountsBelow, RigProgram, untilGone } from './rig-program.ts';

const timeout = 150_000;
const sabotagedServe = fileURLToPath(new URL('fixtures/sabotaged-serve.ts', import.meta.url));

function startSoak(test: TestContext, ...args: readonly string[]): RigProgram {
  return new RigProgram('main.ts', ['--out', 'summary.json', ...args], test);
}

/** The tokens in a journal. */
function tokensIn(journal: string): string[] {
  return Array.from(journal.matchAll(/"token":"([^"]+)"/g), ([, token]) => String(token));
}

test('tandem serve keeps its promises through a short plan', { timeout }, async () => {
  const reports: RoundReport[] = [];
  const { summary, kept } = await soak({
    command: tandemServe,
    seed: 2,
    minutes: 2,
    rounds: 1,
    clients: 18,
    roundSeconds: 8,
    fromRound: 1,
    stopped: new AbortController().signal,
    onRound: (report) => reports.push(report),
  });
  expect(summary.violations).toEqual([]);
  expect(summary.troubles).toEqual([]);
  expect(kept).toBeUndefined();
  // The plan must test it: each kind of fault happened, and messages were delivered meanwhile. Their number
  // depends on the machine's load.
  const { operations, messages, kills, faults } = summary.totals;
  for (const count of Object.values(operations)) expect(count).toBeGreaterThan(10);
  expect(messages.accepted).toBeGreaterThan(50);
  expect(messages.delivered).toBeGreaterThan(50);
  expect(summary.totals.resumed).toBeGreaterThan(0);
  expect(kills.server).toBeGreaterThan(1);
  expect(kills.clients).toBeGreaterThan(0);
  expect(Object.keys(faults).length).toBeGreaterThan(5);
  expect(new Set(reports.map(({ lane }) => lane))).toEqual(new Set(['mortal', 'long-lived']));
  expect(reports.find(({ lane }) => lane === 'long-lived')?.sample).toMatchObject({
    rssBytes: expect.any(Number),
    heapBytes: expect.any(Number),
    handles: expect.any(Number),
  });
});

test.concurrent('it keeps them to clients with TLS and without, side by side', {
  timeout,
}, async () => {
  const enough = new AbortController();
  const answered = { 'without TLS': false, 'with TLS': false };
  const { summary } = await soak({
    ...{ command: tandemServe, seed: 3, minutes: 1, clients: 6, roundSeconds: 4, fromRound: 0 },
    ...{ lanes: ['mortal'], tls: true, stopped: enough.signal },
    onRound: ({ history }) => {
      const ids = history.operations.flatMap(({ id, status }) => (status === undefined ? [] : id));
      answered['without TLS'] ||= ids.some((id) => /^c\d*[02468]l/.test(id));
      answered['with TLS'] ||= ids.some((id) => /^c\d*[13579]l/.test(id));
      // One round is enough, but for a busy machine.
      if (Object.values(answered).every(Boolean)) enough.abort();
    },
  });
  expect(summary.violations).toEqual([]);
  expect(summary.troubles).toEqual([]);
  expect(summary.totals.kills.server).toBeGreaterThan(0);
  expect(answered).toEqual({ 'without TLS': true, 'with TLS': true });
});

describe.concurrent('pnpm soak', () => {
  test('fails with its seed and the smallest history that shows the fault', {
    timeout,
  }, async (context) => {
    const program = startSoak(
      context,
      ...['--seed', '7', '--minutes', '1', '--clients', '6', '--round-seconds', '3'],
      ...['--server', sabotagedServe, 'alters a message'],
    );
    expect(await program.exited).toEqual([1, null]);
    expect(program.errorOutput).toMatch(/^invented: r\d+u\d received .*: nobody sent it$/m);
    expect(program.errorOutput).toMatch(/^ +0\.0 ms {2}r\d+u\d took /m);
    expect(program.errorOutput).toContain('--seed 7 --clients 6 --round-seconds 3');
    const kept = /^All that was recorded is in (.*)$/m.exec(program.errorOutput)?.[1] ?? '';
    const files = readdirSync(kept, { recursive: true, encoding: 'utf8' });
    expect(files.join()).toContain('clean-up.jsonl');
    // The journals have the tokens with which clients go on after a kill. Reports have no token, and no secret.
    const journals = files.filter((name) => name.endsWith('.jsonl'));
    const tokens = journals.flatMap((name) => tokensIn(readFileSync(join(kept, name), 'utf8')));
    expect(tokens.length).toBeGreaterThan(0);
    const reports = [
      program.output + program.errorOutput,
      readFileSync(join(program.directory, 'summary.json'), 'utf8'),
    ];
    for (const report of reports) {
      expect(tokens.filter((token) => report.includes(token))).toEqual([]);
      expect(report).not.toMatch(/only \w+ knows/);
    }
    expect(mountsBelow(program.directory)).toEqual([]);
  });

  test('ends at Ctrl-C with the results so far, and leaves nothing behind', {
    timeout,
  }, async (context) => {
    const program = startSoak(context, '--minutes', '10', '--clients', '6');
    const children = await program.untilChildren(6);
    program.signal('SIGINT');
    expect(await program.exited).toEqual([0, null]);
    await untilGone(children);
    expect(program.errorOutput).toBe('');
    expect(program.output).toMatch(/^violations +0$/m);
    const summary = JSON.parse(readFileSync(join(program.directory, 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({ interrupted: true, violations: [], totals: { rounds: 2 } });
    expect(readdirSync(program.directory)).toEqual(['summary.json']);
  });

  test.for(['SIGINT', 'SIGKILL'] as const)(
    'leaves no child behind at a forced end: %s',
    { timeout },
    async (signal, context) => {
      const program = startSoak(context, '--minutes', '10', '--clients', '6');
      const children = await program.untilChildren(6);
      program.signal('SIGINT');
      await program.until(() => program.output.includes('once more'));
      program.signal(signal);
      const [code, by] = await program.exited;
      if (signal === 'SIGKILL') expect(by).toBe('SIGKILL');
      else expect(code).toBe(130);
      await untilGone(children);
    },
  );

  test.for<[args: string[], complaint: RegExp]>([
    [['--minutes', '0'], /from 0.01 to 34560/],
    [['--clients', '3'], /from 4 to 1000/],
    [['--nodes', '1'], /from 2 to 9/],
    [['--seed', 'x'], /whole number/],
    [['--hours', '1'], /unknown option/],
  ])('refuses %s with a reason', async ([args, complaint], context) => {
    const program = startSoak(context, ...args);
    expect(await program.exited).toEqual([1, null]);
    expect(program.errorOutput).toMatch(complaint);
    expect(program.errorOutput).not.toContain('    at ');
  });
});
