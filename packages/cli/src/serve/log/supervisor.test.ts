import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tellSupervisor } from './supervisor.ts';

describe('tellSupervisor', () => {
  let directory = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Puts a program of this name on the path, and no other. */
  function putProgram(script: string): void {
    const file = join(directory, 'systemd-notify');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    vi.stubEnv('PATH', directory);
  }

  it('tells systemd that the server is ready, and that it stops, and waits for that', async () => {
    vi.stubEnv('NOTIFY_SOCKET', '/run/systemd/notify');
    const told = join(directory, 'told');
    putProgram(`echo "$1 $NOTIFY_SOCKET" >> ${told}`);
    const logger = pino({ level: 'silent' });
    await tellSupervisor('ready', logger);
    await tellSupervisor('stopping', logger);
    expect(readFileSync(told, 'utf8')).toBe(
      'READY=1 /run/systemd/notify\nSTOPPING=1 /run/systemd/notify\n',
    );
  });

  it('tells nobody where nobody waits', async () => {
    vi.stubEnv('NOTIFY_SOCKET', undefined);
    putProgram(`echo told > ${join(directory, 'told')}`);
    await tellSupervisor('ready', pino({ level: 'silent' }));
    expect(() => readFileSync(join(directory, 'told'))).toThrow('ENOENT');
  });

  it.each([
    ['there is no such program', undefined],
    ['it fails', 'exit 1'],
  ])('says so in the log when %s, and goes on', async (_, script) => {
    vi.stubEnv('NOTIFY_SOCKET', '/run/systemd/notify');
    vi.stubEnv('PATH', directory);
    if (script !== undefined) putProgram(script);
    const lines: string[] = [];
    await tellSupervisor(
      'ready',
      pino({ level: 'warn' }, { write: (line) => void lines.push(line) }),
    );
    expect(lines.join('')).toContain('the supervisor could not be notified');
  });
});
