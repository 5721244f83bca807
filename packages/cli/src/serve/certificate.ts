import { stat } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { ServerTls, TlsFileError } from '@tandem/tls/server';
import type { Logger } from 'pino';
import { refuse } from '../refuse.ts';
import type { ServeOptions } from './serve-command.ts';

/** Opens the TLS that is asked for; says why and ends the process when a file cannot be used. */
export async function openTls(
  options: ServeOptions,
  logger: Logger,
): Promise<ServerTls | undefined> {
  const { tls, tlsCert, tlsKey, tlsCa, tlsClient } = options;
  if (tls === 'off') return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    return refuse(
      'TLS needs a certificate and its key: say --tls-cert and --tls-key ("tandem certificate" makes some for trying out).',
    );
  }
  if (tlsClient !== 'off' && tlsCa === undefined) {
    return refuse(
      '--tls-client needs the authority whose certificates are taken: say --tls-ca too.',
    );
  }
  const files = { certFile: tlsCert, keyFile: tlsKey, caFile: tlsCa };
  try {
    const opened = await ServerTls.open({ ...files, mode: tls, clientCertificates: tlsClient });
    logValidity(opened, logger);
    return opened;
  } catch (error) {
    if (!(error instanceof TlsFileError)) throw error;
    return refuse(`TLS cannot be used: ${error.message}.`);
  }
}

const lookEveryMs = 1_000;
const dayMs = 24 * 3_600_000;
const soonDays = 14;

/**
 * Takes up a certificate that has changed: when its files have, and have then been the same for a
 * second, and at once on SIGHUP. When they cannot be used, what was there before stays.
 */
export function watchCertificate(tls: ServerTls, options: ServeOptions, logger: Logger): void {
  const files = [options.tlsCert, options.tlsKey, options.tlsCa].flatMap((file) => file ?? []);
  const take = async () => {
    try {
      await tls.reload();
      logger.info(described(tls), 'the certificate was taken up');
      logValidity(tls, logger);
    } catch (error) {
      if (!(error instanceof TlsFileError)) throw error;
      logger.error(`the certificate is not taken up, and the one before stays: ${error.message}`);
    }
  };
  let [taken, seen] = ['', ''];
  const look = async () => {
    const now = (await Promise.all(files.map(stateOf))).join();
    if (taken === '') taken = now;
    const settled = now === seen;
    seen = now;
    if (!settled || now === taken) return;
    taken = now;
    await take();
  };
  void look();
  setInterval(() => void look(), lookEveryMs).unref();
  setInterval(() => logValidity(tls, logger), dayMs).unref();
  onReload(() => void take());
}

/** Returns what changes when a file is written or replaced, whatever links lead to it. */
async function stateOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs } = await stat(file);
    return [dev, ino, size, mtimeMs].join(':');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
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

function described({ credentials: { certificate } }: ServerTls): object {
  return { fingerprint: certificate.fingerprint256, validUntil: certificate.validToDate };
}

function logValidity(tls: ServerTls, logger: Logger): void {
  const { certificate } = tls.credentials;
  const now = Date.now();
  if (certificate.validFromDate.getTime() > now) {
    logger.warn(described(tls), 'the certificate is not valid yet: clients will refuse it');
  } else if (certificate.validToDate.getTime() < now) {
    logger.warn(described(tls), 'the certificate has expired: clients will refuse it');
  } else if (certificate.validToDate.getTime() < now + soonDays * dayMs) {
    logger.warn(described(tls), 'the certificate expires soon');
  }
}
