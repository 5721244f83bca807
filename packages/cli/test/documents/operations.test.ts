import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaries, hasPostgres, TestCluster } from '@tandem/chat/postgres/testing';
import { afterAll, expect } from 'vitest';
import { applyConfigFile } from '../../src/config/config-file.ts';
import { serveCommand } from '../../src/serve/options/serve-command.ts';
import { newDirectory } from '../data-directory.ts';
import type { Block } from './document.ts';
import { describeExamples } from './examples.ts';
import { type DocumentShell, freePort } from './shell.ts';

/** Starts what a unit of systemd starts, stops it as systemd does, and expects that it stops well. */
async function supervise({ lines }: Block, shell: DocumentShell): Promise<void> {
  const line = lines.find((each) => each.startsWith('ExecStart='));
  await runWell(shell, line?.slice('ExecStart='.length) ?? 'false');
  expect(await shell.stopServer()).toBe(0);
}

/** Takes a configuration as a server does. */
async function configure({ lines }: Block): Promise<void> {
  const path = join(newDirectory(), 'tandem.json');
  writeFileSync(path, lines.join('\n'));
  const command = serveCommand(async () => {});
  applyConfigFile(command, path);
  expect(command.opts()).toMatchObject({ accounts: 'protected', adminPort: 9464 });
}

const clusters: TestCluster[] = [];
afterAll(async () => {
  for (const cluster of clusters) await cluster.end();
});

/**
 * Stops a primary and promotes its standby, each of which would be in a container. The standby is what
 * later blocks find as PostgreSQL.
 */
async function failOver({ lines }: Block, shell: DocumentShell): Promise<void> {
  const primary = await TestCluster.start();
  clusters.push(primary);
  await primary.query('postgres', 'CREATE ROLE postgres SUPERUSER LOGIN');
  const standby = await primary.addStandby();
  clusters.push(standby);
  // It has a copy of the settings of the primary, as one that begins with the primary has.
  await standby.query('postgres', "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
  await standby.query('postgres', 'SELECT pg_reload_conf()');
  shell.usePostgres({ socketDirectory: standby.directory, programs: binaries ?? '' });
  const inStandby = 'docker compose exec standby ';
  const [stop, promote = ''] = lines;
  expect([stop, promote.startsWith(inStandby)]).toEqual(['docker compose stop primary', true]);
  await primary.halt();
  await runWell(shell, promote.slice(inStandby.length));
  // It takes writes, and waits for no standby. `tandem` is whom a test's PostgreSQL begins with.
  await runWell(shell, "psql --dbname=postgres --command='ALTER ROLE tandem RENAME TO founder'");
}

/** Runs a job of CI, for three seconds, with a threshold that a busy machine does not miss. */
async function runJob({ lines }: Block, shell: DocumentShell): Promise<void> {
  await shell.stopServer();
  shell.set('TANDEM_SOCKET_PORT', await freePort());
  shell.set('TANDEM_GRPC_PORT', '0');
  const load = '--p99-ms 100';
  const job = lines.join('\n');
  expect(job).toContain(load);
  const { code, output, errorOutput } = await shell.runToEnd(
    job.replace(load, '--duration 3 --p99-ms 60000'),
  );
  expect(code, output + errorOutput).toBe(0);
}

async function runWell(shell: DocumentShell, command: string): Promise<void> {
  const { code, output, errorOutput } = await shell.run(command);
  expect(code, output + errorOutput).toBe(0);
}

const serve = 'pnpm tandem serve --data-dir /srv/tandem';
const serveNode =
  'pnpm tandem serve --store postgres --postgres-url postgres://tandem@db.example.org/tandem';
const job =
  'node_modules/.bin/node packages/cli/bin/tandem.js serve --store memory --log-level warn & server=$!';
const looks = spawnSync('nc', ['-h']).error === undefined;
const ofPostgres = [
  'docker compose stop primary',
  'createuser tandem',
  'export TANDEM_ADMIN_PORT=9464 TANDEM_ADMIN_TOKEN_FILE=/etc/tandem/token',
  'pnpm tandem migrate sqlite-to-postgres --data-dir /srv/tandem --postgres-url postgres://tandem@db.example.org/tandem',
  'pg_dump --format=custom --file=/backups/tandem.dump --dbname=tandem',
];

describeExamples('docs/OPERATIONS.md', {
  skipped: {
    ...(looks ? {} : { [job]: 'wants netcat' }),
    ...(hasPostgres
      ? {}
      : Object.fromEntries(ofPostgres.map((block) => [block, 'wants PostgreSQL']))),
  },
  before: {
    'pnpm tandem admin stats': (shell) => runWell(shell, serve),
    'pnpm tandem restore': async (shell) => expect(await shell.stopServer()).toBe(0),
    'pnpm bench load': (shell) => runWell(shell, serve),
    // The node of the text before is the first; this asks the second, and drains the third.
    'export TANDEM_ADMIN_PORT': async (shell) => {
      writeFileSync(shell.here('/etc/tandem/token'), '0123456789abcdef', { mode: 0o600 });
      shell.set('TANDEM_ADMIN_PORT', await freePort());
      shell.set('TANDEM_ADMIN_TOKEN_FILE', shell.here('/etc/tandem/token'));
      for (const node of [serveNode, `${serveNode} --admin-port 0`]) {
        expect(await shell.serveBeside(node)).toMatchObject({ code: 0 });
      }
    },
    'pnpm tandem migrate': async (shell) => {
      expect(await shell.stopServer()).toBe(0);
      await runWell(shell, 'dropdb tandem');
      await runWell(shell, 'createdb --owner tandem tandem');
    },
  },
  played: { ini: supervise, json: configure, 'docker compose': failOver, [job]: runJob },
});
