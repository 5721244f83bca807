import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, type TestContext, test } from 'vitest';
import { mountsBelow, RigProgram, stopSignals, untilGone } from './rig-program.ts';
import { expectPromisesKept } from './short-plan.ts';

const sabotagedServe = fileURLToPath(new URL('fixtures/sabotaged-serve.ts', import.meta.url));

function startSoak(test: TestContext, ...args: readonly string[]): RigProgram {
  return new RigProgram('main.ts', ['--out', 'summary.json', ...args], test);
}

/** The tokens in a journal. */
function tokensIn(journal: string): string[] {
  return Array.from(journal.matchAll(/"token":"([^"]+)"/g), ([, token]) => String(token));
}

test('tandem serve keeps its promises through a short plan, to clients with TLS and without', () =>
  expectPromisesKept(true));

describe.concurrent('pnpm soak', () => {
  test('fails with its seed and the smallest history that shows the fault', async (context) => {
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

  test.for(stopSignals)(
    'ends at %s with the results so far and %i, and leaves nothing behind',
    async ([signal, code], context) => {
      const program = startSoak(context, '--minutes', '10', '--clients', '6');
      const children = await program.untilChildren(6);
      program.signal(signal);
      expect(await program.exited, `${program.errorOutput}${program.output}`).toEqual([code, null]);
      await untilGone(children);
      expect(program.errorOutput).toBe('');
      expect(program.output).toMatch(/^violations +0$/m);
      const summary = JSON.parse(readFileSync(join(program.directory, 'summary.json'), 'utf8'));
      expect(summary).toMatchObject({ interrupted: true, violations: [], totals: { rounds: 2 } });
      expect(readdirSync(program.directory)).toEqual(['summary.json']);
    },
  );

  test.for(['SIGINT', 'SIGKILL'] as const)(
    'leaves no child behind at a forced end: %s',
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

  test('refuses an option that there is not, with the reason', async (context) => {
    const program = startSoak(context, '--hours', '1');
    expect(await program.exited).toEqual([64, null]);
    expect(program.errorOutput).toMatch(/unknown option/);
    expect(program.errorOutput).not.toContain('    at ');
  });
});
