// Commands that take seconds, with what is worst for them; see standard-streams.test.ts for the others.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { describeStreams, report, scratch, slowCommands, worst } from './streamed-command.ts';

beforeAll(() => {
  cpSync(report, `${scratch}/report`, { recursive: true });
  writeFileSync(
    `${scratch}/cited.md`,
    '<!-- report: report -->\n\nAfter 6<!-- rounds --> rounds.\n',
  );
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describeStreams(slowCommands, () => worst);
