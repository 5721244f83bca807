import { stat } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { type Credentials, ServerTls, TlsFileError } from '@tandem/tls/server';
import type { Logger } from 'pino';
import { exitCode, refuse } from '../../refuse.ts';

import { dayMs } from './limit-options.ts';
import type { ServeOptions } from './serve-options.ts';

/**
 * Opens the TLS that is asked for, and takes up its files when they change. Says why and ends the process
 * when a file cannot be used, or when clients would get in without the certificate that they have to show.
 */
export async function openTls(
  options: ServeOptions,
  logger: Logger,
): Promise<ServerTls | undefined> {
  const { tls, tlsCert, tlsKey, tlsCa, tlsClient } = options;
  if (tls === 'off') {
    if (tlsClient === 'off') return undefined;
    return refuse(
      `--tls-client is ${tlsClient}, but without TLS clients cannot show a certificate: leave out --tls off, or --tls-client.`,
      exitCode.usage,
    );
  }
  if (tlsClient === 'required' && tls !== 'required') {
    return refuse(
      '--tls-client is required, and with --tls optional clients without TLS get in without a certificate: use --tls required, or --tls-client optional.',
      exitCode.usage,
    );
  }
  if (tlsCert === undefined || tlsKey === undefined) {
    return refuse(
      'TLS needs a certificate and its key: add --tls-cert and --tls-key ("tandem certificate" makes both for trials).',
      exitCode.usage,
    );
  }
  if (tlsClient !== 'off' && tlsCa === undefined) {
    return refuse(
      '--tls-client needs the authority of the certificates: add --tls-ca.',
      exitCode.usage,
    );
  }
  const files = [tlsCert, tlsKey, tlsCa].flatMap((file) => file ?? []);
  // Before they are read: what changes while they are is taken up.
  const taken = await stateOf(files);
  try {
    const opened = await ServerTls.open({
      certFile: tlsCert,
      keyFile: tlsKey,
      caFile: tlsCa,
      mode: tls,
      clientCertificates: tlsClient,
    });
    logOddities(opened, logger);
    watchFiles(opened, files, taken, logger);
    return opened;
  } catch (error) {
    if (!(error instanceof TlsFileError)) throw error;
    return refuse(`TLS cannot be used: ${error.message}.`);
  }
}

const lookEveryMs = 1_000;
const soonDays = 14;

/**
 * Takes up a certificate that has changed: when its files have, and have then been the same for a
 * second, and at once on SIGHUP. When they cannot be used, what was there before stays.
 *
 * @param taken the state of the files that are in use
 */
function watchFiles(tls: ServerTls, files: readonly string[], taken: string, logger: Logger): void {
  const take = async () => {
    try {
      await tls.reload();
      logger.info(described(tls.credentials.certificate), 'the certificate was loaded');
      logOddities(tls, logger);
    } catch (error) {
      if (!(error instanceof TlsFileError)) throw error;
      logger.error(
        `the new certificate cannot be used, and the earlier one stays: ${error.message}`,
      );
    }
  };
  let [tried, seen] = [taken, taken];
  const look = async () => {
    const now = await stateOf(files);
    const settled = now === seen;
    seen = now;
    if (!settled || now === tried) return;
    tried = now;
    await take();
  };
  setInterval(() => void look(), lookEveryMs).unref();
  setInterval(() => logValidity(tls, logger), dayMs).unref();
  onReload(() => void take());
}

/** Returns what changes when one of the files is written or replaced, whatever links lead to it. */
async function stateOf(files: readonly string[]): Promise<string> {
  const states = files.map(async (file) => {
    try {
      const { dev, ino, size, mtimeMs } = await stat(file);
      return [dev, ino, size, mtimeMs].join(':');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'unknown';
    }
  });
  return (await Promise.all(states)).join();
}

/**
 * Calls `reload` on SIGHUP. A terminal that is closed sends the same signal; then the process ends by
 * it, as one without TLS does.
 */
function onReload(reload: () => void): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  const onHangUp = () => {
    if (terminals.every((descriptor) => isatty(descriptor))) return reload();
    process.off('SIGHUP', onHangUp);
    process.kill(process.pid, 'SIGHUP');
  };
  process.on('SIGHUP', onHangUp);
}

type Certificate = Credentials['certificate'];

function described({ fingerprint256, validToDate }: Certificate): object {
  return { fingerprint: fingerprint256, validUntil: validToDate };
}

/** Logs what is odd about the files, and whatever of them is not valid, or soon will not be. */
function logOddities(tls: ServerTls, logger: Logger): void {
  for (const notice of tls.credentials.notices) logger.warn(notice);
  logValidity(tls, logger);
}

function logValidity({ credentials }: ServerTls, logger: Logger): void {
  const { certificate, issuers, authorities } = credentials;
  const log = (of: Certificate, name: string, effect: string) => {
    const state = stateNow(of);
    if (state === undefined) return;
    logger.warn(described(of), `${name} ${state}${state === soon ? '' : `: ${effect}`}`);
  };
  log(certificate, 'the certificate', 'clients will refuse it');
  for (const issuer of issuers) {
    log(issuer, 'an issuer in the file of --tls-cert', 'clients may refuse this server');
  }
  for (const authority of authorities) {
    log(authority, 'an authority in the file of --tls-ca', 'its clients are refused');
  }
}

const soon = 'expires soon';

/** Says what is wrong with the dates of a certificate; undefined for nothing. */
function stateNow({ validFromDate, validToDate }: Certificate): string | undefined {
  const now = Date.now();
  if (validFromDate.getTime() > now) return 'is not valid yet';
  if (validToDate.getTime() < now) return 'has expired';
  return validToDate.getTime() < now + soonDays * dayMs ? soon : undefined;
}
