import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readClientTls } from '../src/client/index.ts';
import { ServerTls, TlsFileError } from '../src/server/index.ts';
import { filesOf, TestAuthority, type TestCertificate } from './test-certificates.ts';

type Files = Record<'cert' | 'key' | 'ca', string>;

let authority: TestAuthority;
let own: TestCertificate;

beforeAll(async () => {
  authority = await TestAuthority.make();
  own = await authority.issue();
});

function open({ cert, key, ca }: Files): Promise<ServerTls> {
  return ServerTls.open({
    certFile: cert,
    keyFile: key,
    caFile: ca,
    mode: 'required',
    clientCertificates: 'off',
  });
}

/** Makes a certificate that signs itself, of a kind of key that others make. */
function madeByOpenssl(...kind: readonly string[]): TestCertificate {
  const [cert = '', key = ''] = ['cert', 'key'].map((name) =>
    join(dirname(filesOf({ any: '' }).any), name),
  );
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-nodes', '-subj', '/CN=localhost', '-days', '1', '-sha256'],
    ...['-out', cert, '-keyout', key, ...kind],
  ]);
  expect(made.status, String(made.stderr)).toBe(0);
  return { cert: readFileSync(cert, 'latin1'), key: readFileSync(key, 'latin1') };
}

const half = (text: string) => text.slice(0, text.length / 2);

const broken: readonly (readonly [
  what: string,
  make: () => Promise<Partial<Files>> | Partial<Files>,
  said: RegExp,
])[] = [
  ['a certificate that is not there', () => ({ cert: '/no/such' }), /there is no .*cert\.pem/],
  ['a directory', () => ({ key: '/tmp' }), /key\.pem is not a regular file/],
  ['a device without an end', () => ({ ca: '/dev/zero' }), /ca\.pem is not a regular file/],
  [
    'a pipe that nobody writes into',
    () => {
      const pipe = join(dirname(filesOf({ any: '' }).any), 'pipe');
      spawnSync('mkfifo', [pipe]);
      return { cert: pipe };
    },
    /is not a regular file/,
  ],
  [
    'a file of more than 1 MiB',
    () => filesOf({ cert: 'x'.repeat(1024 * 1024 + 1) }),
    /is larger than 1 MiB/,
  ],
  ['an empty certificate', () => filesOf({ cert: '' }), /has no certificate in PEM/],
  ['an empty key', () => filesOf({ key: '' }), /has no private key in PEM/],
  ['empty authorities', () => filesOf({ ca: '' }), /has no certificate in PEM/],
  ['half a certificate', () => filesOf({ cert: half(own.cert) }), /certificate 1 in .* is damaged/],
  [
    'half a certificate behind the first',
    () => filesOf({ cert: own.cert + half(authority.cert) }),
    /certificate 2 in .*cert\.pem is damaged/,
  ],
  [
    'an authority with other bytes',
    () => filesOf({ ca: authority.cert.replace(/\n..../, '\nAAAA') }),
    /certificate 1 in .*ca\.pem is damaged/,
  ],
  [
    'the key of another certificate',
    async () => filesOf({ key: (await authority.issue()).key }),
    /does not belong to the certificate/,
  ],
  [
    'a chain that begins with the authority',
    () => filesOf({ cert: authority.cert + own.cert }),
    /let the server's own certificate be the first in its file/,
  ],
  [
    'a certificate for clients',
    async () => filesOf({ ...(await authority.issue({ use: 'client' })) }),
    /is not for servers \(extended key usage\)/,
  ],
  [
    'a key that is too short',
    () => filesOf({ ...madeByOpenssl('-newkey', 'rsa:1024') }),
    /cannot be used \(.*key too small/,
  ],
  [
    'a kind of key that no client takes',
    () => filesOf({ ...madeByOpenssl('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1') }),
    /cannot be used \(/,
  ],
];

describe('the files of TLS', () => {
  it.each(broken)('are refused at a start, and not taken up later: %s', async (_, make, said) => {
    const files = filesOf({ cert: own.cert, key: own.key, ca: authority.cert });
    const tls = await open(files);
    const before = tls.credentials;
    const { succeededAtMs } = tls.lastReload;
    for (const [name, path] of Object.entries(await make())) {
      rmSync(files[name as keyof Files]);
      symlinkSync(path, files[name as keyof Files]);
    }
    await expect(open(files)).rejects.toThrow(said);
    await expect(tls.reload()).rejects.toThrow(TlsFileError);
    expect(tls.credentials).toBe(before);
    expect(tls.lastReload).toEqual({ succeeded: false, succeededAtMs });
  });

  it.each([
    ['RSA', ['-newkey', 'rsa:2048']],
    ['Ed25519', ['-newkey', 'ed25519']],
    ['ECDSA over P-384', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
  ])('have keys of other usual kinds: %s', async (_, kind) => {
    const { credentials } = await open(filesOf({ ...madeByOpenssl(...kind), ca: authority.cert }));
    expect(credentials.notices).toEqual([]);
  });

  it('have the certificates between that of the server and its authority, in order', async () => {
    const between = await TestAuthority.make('Between', authority);
    const leaf = await between.issue();
    const noticesOf = async (...chain: readonly string[]) => {
      const files = filesOf({ cert: chain.join(''), key: leaf.key, ca: authority.cert });
      return (await open(files)).credentials.notices.join();
    };
    expect(await noticesOf(leaf.cert, between.cert)).toBe('');
    expect(await noticesOf(leaf.cert, between.cert, authority.cert)).toBe('');
    expect(await noticesOf(leaf.cert, authority.cert)).toMatch(
      /^certificate 2 in .* is not that of the signer of the one before it/,
    );
    expect(await noticesOf(leaf.cert, between.cert, between.cert)).toMatch(/^certificate 3 in /);
  });

  it('are told of when no client can have a certificate of the authorities', async () => {
    const signsItself = madeByOpenssl('-newkey', 'ed25519').cert;
    const noticesOf = async (ca: string) =>
      (await open(filesOf({ ...own, ca }))).credentials.notices.join();
    expect(await noticesOf(own.cert)).toMatch(
      /^no certificate in .*ca\.pem is that of an authority/,
    );
    expect(await noticesOf(own.cert + authority.cert)).toBe('');
    expect(await noticesOf(signsItself)).toBe('');
  });

  it.each([
    [0o600, ''],
    // As systemd shows the copies that it makes, and as groups for keys have theirs.
    [0o440, ''],
    [0o640, ''],
    [0o604, 'any user of this machine may use the key'],
    [0o602, 'any user of this machine may use the key'],
  ])('are told of when all may use the key: mode %o', async (mode, said) => {
    const files = filesOf({ ...own, ca: authority.cert });
    chmodSync(files.key, mode);
    const notices = (await open(files)).credentials.notices.join();
    expect(notices.startsWith(said)).toBe(true);
    expect(notices === '').toBe(said === '');
  });

  it('have an end, those of a client too', async () => {
    await expect(readClientTls({ tlsCa: '/dev/zero' })).rejects.toThrow('is larger than 1 MiB');
  });
});
