// Commands that take seconds, with what is worst for them; see standard-streams.test.ts for the others.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { bench, describeStreams, report, scratch, tandem, worst } from './streamed-command.ts';

beforeAll(() => {
  cpSync(report, `${scratch}/report`, { recursive: true });
  writeFileSync(
    `${scratch}/cited.md`,
    '<!-- report: report -->\n\nAfter 6<!-- rounds --> rounds.\n',
  );
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describeStreams(
  [
    [`${tandem} demo`],
    [`${bench} wire --lanes sockets-framed --html ${scratch}/NUMBER.html`, 'NUMBER.html'],
    [`${bench} complexity`],
    [`${bench} cite ${scratch}/cited.md`],
    [`${bench} render ${scratch}/report`],
    [
      `${bench} run --lanes net-echo --scenarios latency-1 --placement unpinned --rounds 1 --no-wire ` +
        `--measure-ms 10 --warm-up-ms 10 --out ${scratch}/NUMBER`,
      'NUMBER/report.json',
    ],
    [
      `packages/fault-rig/bin/soak.js --minutes 0.01 --round-seconds 0.1 --clients 4 --out ${scratch}/NUMBER.json`,
      'NUMBER.json',
    ],
  ],
  () => worst,
);
