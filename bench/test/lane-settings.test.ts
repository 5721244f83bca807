import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { laneNames, loadLane } from '../src/lanes/index.ts';
import { serve } from './served-lanes.ts';

const lanes = await Promise.all(laneNames.map(loadLane));
// Behind a database are the sockets of the lane without one.
const overWire = lanes.filter(
  ({ startServer, hasNodes, messagesOnly }) =>
    startServer !== undefined && !hasNodes && !messagesOnly,
);
const directory = mkdtempSync(join(tmpdir(), 'lane-settings-'));
afterAll(() => rmSync(directory, { recursive: true }));

// One operation on each lane, client and server in one process, with a mark before each.
const program = `
  import { writeSync } from 'node:fs';
  import { loadLane } from ${JSON.stringify(new URL('../src/lanes/index.ts', import.meta.url).href)};
  const waits = setInterval(() => {}, 1_000);
  for (const name of ${JSON.stringify(overWire.map(({ name }) => name))}) {
    const lane = await loadLane(name);
    writeSync(2, 'LANE ' + name + ';');
    const server = await lane.startServer();
    const client = await lane.connect({ host: '127.0.0.1', port: server.port });
    await client.prepare({ kind: 'search' });
    await client.operation({ kind: 'search' })();
    await client.close();
    await server.close();
  }
  clearInterval(waits);
  process.exit(0);
`;

/** The options of a lane's sockets in the kernel. */
interface SocketOptions {
  /** The number of sockets with Nagle's algorithm off. */
  readonly noDelay: number;
  /** Keepalive of each socket that has one: after so many seconds, or after what the kernel takes. */
  readonly keepalive: readonly (number | 'kernel')[];
}

function traced(): ReadonlyMap<string, SocketOptions> {
  const trace = join(directory, 'trace.txt');
  const file = join(directory, 'program.mjs');
  writeFileSync(file, program);
  const { status } = spawnSync(
    'strace',
    ['-f', '-e', 'trace=setsockopt,write', '-o', trace, process.execPath, file],
    { stdio: 'ignore' },
  );
  expect(status).toBe(0);
  const sections = readFileSync(trace, 'latin1')
    .split(/write\(2, "LANE /)
    .slice(1);
  return new Map(sections.map((section) => [section.split(';')[0] ?? '', optionsIn(section)]));
}

function optionsIn(section: string): SocketOptions {
  const sockets = (option: string) =>
    new Set(
      [...section.matchAll(new RegExp(`setsockopt\\((\\d+), \\w+, ${option}`, 'g'))].map(
        ([, fd]) => fd,
      ),
    );
  const idle = new Map(
    [...section.matchAll(/setsockopt\((\d+), SOL_TCP, TCP_KEEPIDLE, \[(\d+)\]/g)].map(
      ([, fd, seconds]) => [fd, Number(seconds)] as const,
    ),
  );
  return {
    noDelay: sockets('TCP_NODELAY').size,
    keepalive: [...sockets('SO_KEEPALIVE')].map((fd) => idle.get(fd) ?? 'kernel'),
  };
}

/** The keepalive that the words of the ledger describe. */
function meant(keepalive: string): SocketOptions['keepalive'] {
  const [, seconds, both] = /TCP, after (\d+) s of silence(, on both sides)?/.exec(keepalive) ?? [];
  if (seconds !== undefined) return Array(both === undefined ? 1 : 2).fill(Number(seconds));
  return keepalive.includes('TCP keepalive on the server only') ? ['kernel'] : [];
}

function canTrace(): boolean {
  try {
    execFileSync('strace', ['-e', 'trace=none', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.runIf(canTrace())('the fairness ledger (skipped without strace)', () => {
  const options = canTrace() ? traced() : new Map<string, SocketOptions>();

  test.each(overWire)('says of $name what the kernel was told of its sockets', (lane) => {
    const told = options.get(lane.name);

    expect(lane.settings.noDelay).toContain('TCP_NODELAY on both sides');
    expect(told?.noDelay).toBe(2);
    expect(told?.keepalive).toEqual(meant(lane.settings.keepalive));
  });
});

describe('the fairness ledger over TLS', () => {
  const secured = lanes.filter(({ resume }) => resume !== undefined);

  test.each(secured)('says of $name what client and server agreed on', async (lane) => {
    const target = await serve(lane);

    const agreed = await agreedOn(async () => {
      await (await lane.connect(target)).close();
      for (const _ of ['whole', 'resumed']) {
        const client = await lane.resume?.(target);
        // Tickets come behind the handshake.
        await (client?.chat?.search('nobody') ?? client?.operation({ kind: 'search' })());
        await client?.close();
      }
    });

    const [words] = lane.settings.otherOptions.split(';');
    expect(agreed.map(({ resumed }) => resumed)).toEqual([false, false, true]);
    for (const { protocol, cipher, curve, resumed, clientCertificate } of agreed) {
      expect(words).toContain(`${protocol} with ${cipher} `);
      expect(words).toContain('ECDSA on P-256');
      // A resumed session shows no certificate.
      if (!resumed) expect(curve).toBe('prime256v1');
      expect(clientCertificate).toBe(false);
    }
  });
});

/** Returns what the clients that connect during the work agree on with their servers. */
async function agreedOn(work: () => Promise<void>) {
  const { connect } = tls;
  const agreed: {
    protocol: string | null;
    cipher: string;
    curve: unknown;
    resumed: boolean;
    clientCertificate: boolean;
  }[] = [];
  tls.connect = ((...options: Parameters<typeof connect>) => {
    const socket = connect(...options);
    socket.once('secureConnect', () => {
      agreed.push({
        protocol: socket.getProtocol(),
        cipher: socket.getCipher().standardName,
        curve: socket.getPeerX509Certificate()?.publicKey.asymmetricKeyDetails?.namedCurve,
        resumed: socket.isSessionReused(),
        clientCertificate: 'subject' in (socket.getCertificate() ?? {}),
      });
    });
    return socket;
  }) as typeof connect;
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    tls.connect = connect;
    syncBuiltinESMExports();
  }
  return agreed;
}

test('the ledger says how the sqlite store syncs', async () => {
  const { settings } = await loadLane('sockets-framed-sqlite');
  const source = readFileSync(
    new URL('../../packages/chat/src/store/sqlite/database.ts', import.meta.url),
    'utf8',
  );
  const last = [...source.matchAll(/PRAGMA synchronous = (\w+)/g)].at(-1)?.[1];

  expect(settings.store).toContain(`synchronous=${last}`);
});
