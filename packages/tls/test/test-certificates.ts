import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { onTestFinished } from 'vitest';
import { altName } from '../src/certificate.ts';

/** A key and its certificate, in PEM. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

interface LeafOptions {
  /** The names and addresses that it is for; those of this machine unless given. */
  readonly names?: readonly string[];
  /** The days after which it expires; a negative number for one that has expired. */
  readonly days?: number;
  /** The days after which it begins to be valid; 60 days ago unless given. */
  readonly fromDays?: number;
  readonly use?: 'server' | 'client';
}

const dayMs = 24 * 3_600_000;

/** An authority of a test's own. */
export class TestAuthority {
  readonly #own: TestCertificate;

  private constructor(own: TestCertificate) {
    this.#own = own;
  }

  /** Makes one, which signs itself unless another one does. */
  static async make(name = 'Test authority', signer?: TestAuthority): Promise<TestAuthority> {
    return new TestAuthority(
      await signed(name, signer === undefined ? undefined : signer.#own, { days: 365 }, [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ]),
    );
  }

  /** Its certificate, in PEM. */
  get cert(): string {
    return this.#own.cert;
  }

  /** Makes a certificate that it signs. */
  issue({ names, use = 'server', ...dates }: LeafOptions = {}): Promise<TestCertificate> {
    const altNames = (names ?? ['localhost', '127.0.0.1', '::1']).map(altName);
    return signed('Test leaf', this.#own, dates, [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', ...(use === 'server' ? { serverAuth: true } : { clientAuth: true }) },
      { name: 'subjectAltName', altNames },
    ]);
  }
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

async function signed(
  name: string,
  ca: TestCertificate | undefined,
  { days = 30, fromDays = -60 }: Pick<LeafOptions, 'days' | 'fromDays'>,
  extensions: Extensions,
): Promise<TestCertificate> {
  const now = Date.now();
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now + fromDays * dayMs),
    notAfterDate: new Date(now + days * dayMs),
    extensions,
    ...(ca === undefined ? {} : { ca }),
  });
  return { key, cert };
}

/** Writes texts to files of these names, gone after the test. Returns the path of each. */
export function filesOf<Name extends string>(
  texts: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-tls-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const paths = Object.entries<string>(texts).map(([name, text]) => {
    const path = join(directory, `${name}.pem`);
    writeFileSync(path, text, { mode: 0o600 });
    return [name, path] as const;
  });
  return Object.fromEntries(paths) as Record<Name, string>;
}
