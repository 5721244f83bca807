import pino, { type DestinationStream, type Logger } from 'pino';

/** How logs are written. */
export interface LogOptions {
  readonly logLevel: string;
  /** `auto` is pretty where `output` is a terminal, json elsewhere. */
  readonly logFormat: 'auto' | 'pretty' | 'json';
  /** Where to: standard error, since standard output says where to connect. */
  readonly output: { readonly fd: number; readonly isTTY?: boolean };
}

/** A logger for people or for machines. Lines are written as they come: none is lost at the end. */
export async function createLogger({ logLevel, logFormat, output }: LogOptions): Promise<Logger> {
  const forPeople = logFormat === 'pretty' || (logFormat === 'auto' && output.isTTY === true);
  const destination = forPeople
    ? await prettyDestination(output)
    : pino.destination({ dest: output.fd, sync: true });
  return pino({ level: logLevel }, destination);
}

async function prettyDestination(output: LogOptions['output']): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    destination: output.fd,
    sync: true,
    colorize: output.isTTY === true && !process.env.NO_COLOR,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
  });
}
