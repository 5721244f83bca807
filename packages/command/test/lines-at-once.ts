import { describe, expect, it } from 'vitest';
import { attack, bench, run, type Streams, scratch, soak, tandem } from './streamed-command.ts';

/** Every command, each with a line that ends at once, and the code that this line has. */
export const linesAtOnce: readonly (readonly [line: string, code: number])[] = [
  [`${tandem} --version`, 0],
  [`${tandem} serve --print-config`, 0],
  [`${tandem} chat --help`, 0],
  [`${tandem} register`, 64],
  [`${tandem} send ann bob hi --port 1`, 1],
  [`${tandem} search --port 1`, 1],
  [`${tandem} completion bash`, 0],
  [`${tandem} demo --help`, 0],
  [`${tandem} admin stats --data-dir ${scratch}/data`, 1],
  [`${tandem} cluster`, 64],
  [`${tandem} backup`, 64],
  [`${tandem} restore ${scratch}/none --data-dir ${scratch}/data`, 1],
  [`${tandem} check --data-dir ${scratch}/data`, 0],
  [`${tandem} check --data-dir ${scratch}/none`, 1],
  [`${tandem} migrate --help`, 0],
  [`${tandem} certificate --help`, 0],
  [`${bench} --help`, 0],
  [`${bench} run --no-such-option`, 64],
  [`${bench} load --help`, 0],
  [`${bench} seed --help`, 0],
  [`${bench} wire --help`, 0],
  [`${bench} compare one`, 64],
  [`${bench} combine`, 64],
  [`${bench} complexity --help`, 0],
  [`${bench} render`, 64],
  [`${bench} cite --help`, 0],
  [`${bench} list --help`, 0],
  [`${soak} --help`, 0],
  [`${soak} --no-such-option`, 64],
  [`${attack} --list`, 0],
  [`${attack} no-such-attack`, 64],
  ['packages/conformance/src/vectors/main.ts', 0],
];

/**
 * Tries that each of these lines ends as it should. Some need the data of `makeData`.
 *
 * @param streamsOf returns what a line has, by its number
 */
export function describeAtOnce(streamsOf: (line: number) => readonly Streams[]): void {
  const lines = linesAtOnce.map(([line, own], number) => [line, own, number] as const);
  describe.each(lines)('%s', (line, own, number) => {
    it.concurrent.each(streamsOf(number))('ends as it should with %s', async (name, set, code) => {
      const ran = await run(line, set);
      expect(ran.other).not.toMatch(/^\s+at /m);
      // What prints nothing on standard output has nothing to lose there.
      expect(ran.code, ran.other).toBe(own === 0 ? code : own);
      if (name === 'input closed') expect(ran.other).not.toBe('');
    });
  });
}
