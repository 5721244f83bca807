// Commands that take seconds, with what is worst for them, and lines that end at once, with everything; see
// standard-streams.test.ts for the others.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { describeAtOnce } from './lines-at-once.ts';
import {
  describeStreams,
  report,
  scratch,
  slowCommands,
  streams,
  worst,
} from './streamed-command.ts';
import { makeData } from './streamed-server.ts';

beforeAll(async () => {
  await makeData();
  cpSync(report, `${scratch}/report`, { recursive: true });
  writeFileSync(
    `${scratch}/cited.md`,
    '<!-- report: report -->\n\nAfter 6<!-- rounds --> rounds.\n',
  );
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describeStreams(slowCommands, () => worst);
describeAtOnce(() => streams);
