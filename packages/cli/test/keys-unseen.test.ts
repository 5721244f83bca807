import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChatClient } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import type { ClientTls } from '@tandem/tls/client';
import { filesOf, TestAuthority } from '@tandem/tls/testing';
import { expect, it, vi } from 'vitest';
import { filesIn, shownOf, shownOfAll } from './appearances.ts';
import { mainFile, type Wire } from './chat-program.ts';
import { newDirectory } from './data-directory.ts';
import { ask, command, startOperatedServer } from './operated-server.ts';
import { Sight } from './sight.ts';

const bench = fileURLToPath(new URL('../../../bench/bin/bench.js', import.meta.url));
const tellTicketKeys = new URL('./fixtures/tell-ticket-keys.ts', import.meta.url).href;
const wires: readonly Wire[] = ['socket', 'converse', 'unary'];

it('private keys of TLS, and those of its tickets, appear nowhere', async () => {
  const sight = new Sight();
  const [authority, stranger] = await Promise.all([
    TestAuthority.make(),
    TestAuthority.make('Stranger'),
  ]);
  const [own, mine, theirs] = await Promise.all([
    authority.issue(),
    authority.issue({ use: 'client' }),
    stranger.issue({ use: 'client' }),
  ]);
  sight.hideKey('key of the server', own.key);
  sight.hideKey('key of a client', mine.key);
  sight.hideKey('key of a stranger', theirs.key);
  const files = filesOf({
    cert: own.cert,
    key: own.key,
    ca: authority.cert,
    mine: mine.cert,
    mineKey: mine.key,
    theirs: theirs.cert,
    theirsKey: theirs.key,
  });
  const ticketKeys = join(newDirectory(), 'keys');
  writeFileSync(ticketKeys, '');
  const tlsOptions = ['--tls-cert', files.cert, '--tls-key', files.key, '--tls-ca', files.ca];
  vi.stubEnv('NODE_OPTIONS', `--import=${tellTicketKeys}`);
  vi.stubEnv('TICKET_KEYS_FILE', ticketKeys);
  const { program, port, grpcPort, directory } = await startOperatedServer(
    ...[...tlsOptions, '--tls-client', 'optional', '--log-level', 'trace', '--transport', 'all'],
  ).finally(() => vi.unstubAllEnvs());
  const ports = { socket: program.port, converse: grpcPort, unary: grpcPort };

  const reload = async (said: string) => {
    program.signal('SIGHUP');
    await program.until(() => program.errorOutput.includes(said));
  };
  await reload('the certificate was loaded');
  const told: unknown[] = [];
  for (const wire of wires) {
    for (const tls of [
      { ca: authority.cert, cert: mine.cert, key: mine.key },
      { ca: authority.cert, cert: theirs.cert, key: theirs.key },
      { ca: stranger.cert, cert: mine.cert, key: mine.key },
      { fingerprint: '00'.repeat(32), cert: mine.cert, key: mine.key },
      { ca: authority.cert, cert: mine.cert, key: theirs.key },
    ]) {
      told.push(await outcomeOf(wire, ports[wire], tls));
    }
  }
  sight.see('what clients are told', told);
  expect(told.filter((each) => each instanceof Error).length).toBeGreaterThanOrEqual(9);

  const trust = ['--tls-ca', files.ca, '--tls-cert', files.mine, '--tls-key', files.mineKey];
  const reports = newDirectory();
  const load = [
    ...['load', `127.0.0.1:${program.port}`, '--connections', '2', '--duration', '0.3'],
    ...['--warm-up', '0', '--json', join(reports, 'load.json'), '--csv', join(reports, 'load.csv')],
  ];
  sight.see('bench load', await sight.run([bench, ...load, ...trust]));
  const swapped = ['--tls-cert', files.mine, '--tls-key', files.theirsKey];
  sight.see('bench load, refused', await sight.run([bench, ...load, ...swapped]));
  expect(readFileSync(join(reports, 'load.json'), 'utf8')).toContain('"schemaVersion": 1');
  sight.seeAll(filesIn(reports));
  for (const words of [
    ['search', '*', '--port', String(program.port), ...trust],
    ['search', '*', '--port', String(program.port), ...swapped],
    ['serve', '--store', 'memory', '--socket-port', '0', '--tls-cert', files.key],
    ['serve', '--store', 'memory', '--tls-cert', files.cert, '--tls-key', files.mineKey],
    ['serve', '--store', 'memory', '--tls-cert', files.key, '--tls-key', files.cert],
    ['serve', '--print-config', ...tlsOptions],
  ]) {
    sight.see(words.join(' '), await sight.run([mainFile, ...words]));
  }
  // One that was cut is told of, and not shown.
  writeFileSync(files.key, own.key.slice(0, own.key.length - 40));
  await reload('the earlier one stays');

  sight.see('/metrics', (await ask(port, '/metrics')).body);
  for (const name of ['stats', 'sessions', 'bans']) sight.see(name, await command(port, name));
  sight.seeAll(shownOf(program.pid));
  sight.seeAll(shownOfAll(), ', while it serves');
  sight.seeAll(filesIn(directory), ', served');
  program.signal('SIGTERM');
  await program.exited;
  sight.seeAll(filesIn(directory), ', left');
  sight.see('output', Buffer.from(program.output));
  sight.see('log', Buffer.from(program.errorOutput));

  // A ticket shows the first 16 bytes, by which its key is found.
  const seals = readFileSync(ticketKeys, 'utf8').trim().split('\n');
  expect(seals.length).toBeGreaterThanOrEqual(2);
  for (const keys of seals) {
    sight.hidden.push({ what: 'keys of tickets', bytes: Buffer.from(keys, 'hex').subarray(16) });
  }
  expect(sight.hidden.length).toBeGreaterThan(7);
  expect(sight.found).toEqual([]);
});

/** Connects and asks for something; returns the answer, or the error. */
async function outcomeOf(wire: Wire, port: number, tls: ClientTls): Promise<unknown> {
  const place = { host: 'localhost', port, tls, lookUp: async () => ['127.0.0.1'] };
  let client: ChatClient | undefined;
  try {
    client =
      wire === 'socket'
        ? await connectSocketClient({ ...place, waitForVersion: true })
        : await connectGrpcClient({ ...place, mode: wire });
    return await client.search('nobody');
  } catch (error) {
    return error;
  } finally {
    await client?.close();
  }
}
