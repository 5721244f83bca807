import { filesOf, TestAuthority } from '@tandem/tls/testing';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openTls } from './certificate.ts';
import { dayMs } from './limit-options.ts';
import { serveCommand } from './serve-command.ts';
import type { ServeOptions } from './serve-options.ts';

it('warns each day from 14 days before the first certificate of the files ends', async () => {
  const [authority, other] = await Promise.all([TestAuthority.make(), TestAuthority.make()]);
  const [own, issuer, ofClients] = await Promise.all([
    authority.issue({ days: 15.5 }),
    authority.issue({ days: 16.5 }),
    other.issue({ days: 17.5 }),
  ]);
  const files = filesOf({ cert: own.cert + issuer.cert, key: own.key, ca: ofClients.cert });
  const told = Promise.withResolvers<ServeOptions>();
  await serveCommand(async (options) => told.resolve(options)).parseAsync(
    ['--tls-cert', files.cert, '--tls-key', files.key, '--tls-ca', files.ca],
    { from: 'user' },
  );
  const lines: string[] = [];
  const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line).msg) });
  const intervals = vi.spyOn(globalThis, 'setInterval');
  const listeners = process.listeners('SIGHUP');
  onTestFinished(() => {
    for (const { value } of intervals.mock.results) clearInterval(value);
    for (const listener of process.listeners('SIGHUP')) {
      if (!listeners.includes(listener)) process.off('SIGHUP', listener);
    }
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
  vi.useFakeTimers({ toFake: ['Date'] });
  await openTls(await told.promise, logger);
  const [daily] = intervals.mock.calls.find(([, ms]) => ms === dayMs) ?? [];
  const perDay: string[][] = [lines.filter((line) => line.includes('soon'))];
  for (let day = 1; day <= 16; day++) {
    lines.length = 0;
    vi.setSystemTime(Date.now() + dayMs);
    daily?.();
    perDay.push([...lines]);
  }
  const soon = [
    'the certificate expires soon',
    'an issuer in the file of --tls-cert expires soon',
    'an authority in the file of --tls-ca expires soon',
  ];
  expect(perDay.slice(0, 6)).toEqual([[], [], soon.slice(0, 1), soon.slice(0, 2), soon, soon]);
  expect(perDay.at(-1)).toEqual([
    'the certificate has expired: clients will refuse it',
    ...soon.slice(1),
  ]);
});
