import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { applyConfigFile } from '../../src/config/config-file.ts';
import { serveCommand } from '../../src/serve/options/serve-command.ts';
import { newDirectory } from '../data-directory.ts';
import type { Block } from './document.ts';
import { describeExamples } from './examples.ts';
import type { DocumentShell } from './shell.ts';

/** Starts what a unit of systemd starts, stops it as systemd does, and expects that it stops well. */
async function supervise({ lines }: Block, shell: DocumentShell): Promise<void> {
  const line = lines.find((each) => each.startsWith('ExecStart='));
  const { code, errorOutput } = await shell.run(line?.slice('ExecStart='.length) ?? 'false');
  expect(code, errorOutput).toBe(0);
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

describeExamples('docs/OPERATIONS.md', {
  skipped: {
    'createuser tandem':
      'needs a PostgreSQL of the machine; postgres.test.ts starts one of its own',
    'export TANDEM_ADMIN_PORT=9464 TANDEM_ADMIN_TOKEN_FILE=/etc/tandem/token':
      'needs several nodes; cluster.test.ts starts them',
    'pnpm tandem migrate sqlite-to-postgres --data-dir /srv/tandem --postgres-url postgres://tandem@db.example.org/tandem':
      'needs a PostgreSQL; migrate.test.ts starts one of its own',
    'pg_dump --format=custom --file=/backups/tandem.dump --dbname=tandem':
      'needs a PostgreSQL; backup.test.ts of the chat does the same',
    'docker compose stop primary': 'needs an engine for containers',
    'pnpm bench load 127.0.0.1:22067 --connections 200 --rate 200 --duration 60':
      'takes a minute; the tests of the lab put load on servers',
    'node_modules/.bin/node packages/cli/bin/tandem.js serve --store memory --log-level warn & server=$!':
      'is a job of CI, whose thresholds are about time',
  },
  before: {
    'pnpm tandem admin stats': async (shell) => {
      const { code } = await shell.run('pnpm tandem serve --data-dir /srv/tandem');
      expect(code).toBe(0);
    },
    'pnpm tandem restore': async (shell) => expect(await shell.stopServer()).toBe(0),
  },
  played: { ini: supervise, json: configure },
});
