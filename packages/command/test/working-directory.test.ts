// Every command works in a directory that has been removed, or says in one line what it lacks there.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import {
  attack,
  bench,
  describeTried,
  root,
  run,
  scratch,
  soak,
  tandem,
} from './streamed-command.ts';

const token = `${scratch}/token`;
mkdirSync(scratch, { recursive: true });
writeFileSync(token, 'a token of a server\n');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const noServer = /^cannot connect to .*\n$/;
const byPort = `--admin-port 1 --admin-token-file ${token}`;
const noneThere = /^(bench: c|C|c)annot .* there is no such file\n$/;
const toPostgres = 'sqlite-to-postgres --postgres-url postgres://a@127.0.0.1:1/b';

/** Matches the line of a command that needs a path, which is relative. */
const gone = (path: string) =>
  new RegExp(`^(bench: )?The working directory is gone, so there is no ${path}; .*\\n$`);

const lines: readonly (readonly [line: string, code: number, said: RegExp])[] = [
  [`${tandem} --version`, 0, /^[0-9.]+\n$/],
  [`${tandem} --help`, 0, /^Usage: tandem/],
  [`${tandem} serve --help`, 0, /default: \.tandem/],
  [`${tandem} serve`, 1, gone('.tandem')],
  // With a secret, which is hashed in a thread.
  [`${tandem} demo`, 0, /bob takes a secret +status 64/],
  [`${tandem} chat --port 1`, 1, noServer],
  [`${tandem} register ann --port 1`, 1, noServer],
  [`${tandem} send ann bob hi --port 1`, 1, noServer],
  [`${tandem} search --port 1`, 1, noServer],
  [`${tandem} completion bash`, 0, /tandem/],
  [`${tandem} admin stats ${byPort}`, 1, /^No server takes commands at 127\.0\.0\.1:1.*\n$/],
  [`${tandem} admin stats`, 1, gone('.tandem')],
  [`${tandem} cluster ${byPort}`, 1, /^No server takes commands at 127\.0\.0\.1:1.*\n$/],
  [`${tandem} backup /none/b.db --data-dir /none`, 1, /^There is no .*\n$/],
  [`${tandem} backup here.db --data-dir /none`, 1, gone('.*here.db')],
  [`${tandem} restore /none/b.db --data-dir here`, 1, gone('here')],
  [`${tandem} check --data-dir /none`, 1, /^There is no .*\n$/],
  [`${tandem} check`, 1, gone('.tandem')],
  [`${tandem} migrate ${toPostgres} --data-dir /none`, 1, /^PostgreSQL: .*\n$/],
  [`${tandem} migrate ${toPostgres}`, 1, gone('.tandem')],
  [`${tandem} certificate --tls-cert ${scratch}/c --tls-key ${scratch}/k`, 0, /./],
  [`${tandem} certificate --tls-cert c --tls-key k`, 1, gone('[ck]')],
  [`${bench} --help`, 0, /^Usage: bench/],
  [`${bench} run --out here`, 1, /the working directory is gone; --out names another place\n$/],
  [`${bench} load 127.0.0.1:1`, 1, /^bench: cannot connect to .*\n$/],
  [`${bench} seed here`, 1, gone('here')],
  [`${bench} wire --lanes sockets-framed --html`, 1, gone('bench/out/wire.html')],
  [`${bench} compare here there`, 1, noneThere],
  [`${bench} combine here there`, 1, noneThere],
  [`${bench} complexity`, 0, /^What each transport needs/],
  [`${bench} render here`, 1, noneThere],
  [`${bench} cite ${root}docs/RELIABILITY.md`, 0, /RELIABILITY\.md: \d+ citations\n/],
  [`${bench} cite --report here`, 1, gone('here')],
  [`${bench} list`, 0, /^Lanes:\n/],
  [`${soak} --help`, 0, /^Usage: soak/],
  [`${soak} --minutes 0.01 --round-seconds 0.1 --clients 4`, 0, /violations +0\n/],
  [`${attack} --list`, 0, /^control\n/],
];

it.concurrent.each(lines)('%s', async (line, code, said) => {
  const away = 'exec >OTHER 2>&1; d=$(mktemp -d) && cd "$d" && rmdir "$d"';
  const ran = await run(root + line, away);
  expect([ran.code, ran.other]).toEqual([code, expect.stringMatching(said)]);
  expect(ran.other).not.toMatch(/^\s+at /m);
});

describe('every command', () => {
  describeTried(lines.map(([line]) => line));
});
