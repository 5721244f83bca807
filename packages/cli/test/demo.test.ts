import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { mainFile } from './chat-program.ts';

/** Runs `tandem demo` to its end. */
async function demo(...args: string[]) {
  const child = spawn(process.execPath, [mainFile, 'demo', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[exitCode], output, errorOutput] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode, lines: output.trimEnd().split('\n'), errorOutput };
}

/** The numbers at the end of a line: sent and received over sockets, then over gRPC. */
function bytesOf(line: string | undefined): number[] {
  const columns = line?.trim().split(/ +/).slice(-4) ?? [];
  return columns.map((column) => (column === '.' ? 0 : Number(column)));
}

describe.each(['converse', 'unary'])('tandem demo --mode %s', (mode) => {
  let counting: ReturnType<typeof demo> | undefined;
  const count = () => {
    counting ??= demo('--mode', mode);
    return counting;
  };

  it('plays the whole story, counts the bytes of each step, and leaves by itself', async () => {
    const { exitCode, lines, errorOutput } = await count();
    expect(errorOutput).toBe('');
    expect(exitCode).toBe(0);
    const find = (title: string) => lines.find((line) => line.startsWith(title));

    // 01 00 05 and alice; then the status.
    expect(bytesOf(find('alice registers'))).toEqual([8, 1, 0, 0]);
    expect(find('alice looks for b*')).toContain(' bob ');
    expect(find('bob looks for everybody')).toContain(' alice, bob ');
    expect(find('alice writes, bob reads')).toContain(' alice: hi from a socket ');
    expect(find('bob answers, alice reads')).toContain(' bob: hi from a stream ');
    expect(find('bob logs in, catches up')).toContain(' alice: still there? ');
    expect(find('bob blocks alice')).toContain(' alice is told: 26 ');
    expect(find('bob takes a secret')).toContain(' status 64 ');
    expect(find('bob is cut off, resumes')).toContain(' status 8 ');
    expect(find('alice logs out')).toContain(' status 40 ');

    const steps = lines.slice(2, -1).map(bytesOf);
    const sums = steps.reduce((sum, step) => sum.map((bytes, at) => bytes + (step[at] ?? 0)));
    expect(lines.at(-1)).toMatch(/^altogether /);
    expect(bytesOf(lines.at(-1))).toEqual(sums);
  });

  it('fits into a terminal of 80 columns', async () => {
    const { lines } = await count();
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('shows the bytes of each step below it with --hex, as many as it counts', async () => {
    const { exitCode, lines, errorOutput } = await demo('--mode', mode, '--hex');
    expect(errorOutput).toBe('');
    expect(exitCode).toBe(0);
    const text = lines.join('\n');
    expect(text).toMatch(
      /alice registers[^\n]+\n\nalice's wire, sockets\n {2}C content 5 {3}F framing 4\n/,
    );
    expect(text).toContain('body "hi from a stream"');
    // A login with an unread message, and a session that goes on with a token on another connection.
    expect(text).toMatch(/status_code 9: logged in unread[\s\S]+body "still there\?"/);
    expect(text).toMatch(/token "[\w-]{43}", random[\s\S]+resume_token "[\w-]{43}", random/);
    expect(text).not.toContain('not understood');
    const digits = lines.flatMap((line) => /^[A-Z0-9|] ((?:[0-9a-f]{2} ?)+)/.exec(line)?.[1] ?? []);
    const shown = digits.join(' ').trim().split(/\s+/).length;
    expect(shown).toBe(bytesOf(lines.at(-1)).reduce((sum, bytes) => sum + bytes, 0));
  });
});

it('says in one line that --hex needs a clone, where the lab is not installed', async () => {
  const withoutLab = `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve(name, context, next) {
        if (!name.startsWith('@tandem/bench')) return next(name, context);
        throw Object.assign(new Error(name), { code: 'ERR_MODULE_NOT_FOUND' });
      },
    });`;
  const child = spawn(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(withoutLab)}`,
      mainFile,
      'demo',
      '--hex',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const [[exitCode], errorOutput] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  expect(errorOutput).toMatch(/^This installation has only what a server needs; [^\n]+\n$/);
  expect(exitCode).toBe(1);
});
