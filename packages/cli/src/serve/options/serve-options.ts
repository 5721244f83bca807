import type { AccountsMode, ChatLimits, UsageLimits } from '@tandem/chat';
import type { TransportName } from '@tandem/core';
import type { Command, Option } from 'commander';

/** The options of `tandem serve`, defaults filled in. */
export interface ServeOptions
  extends UsageLimits,
    Pick<ChatLimits, 'accountsMax' | 'mailboxMessagesMax' | 'searchesWaitingMax'> {
  readonly transport: TransportName | 'all';
  readonly tls: 'off' | 'optional' | 'required';
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly tlsCa: string | undefined;
  readonly tlsClient: 'off' | 'optional' | 'required';
  readonly host: string;
  readonly socketPort: number;
  readonly grpcPort: number;
  readonly store: 'sqlite' | 'memory' | 'postgres';
  /** The database of `--store postgres`; it has no password. */
  readonly postgresUrl: string | undefined;
  readonly dataDir: string;
  readonly dataBytesMax: number;
  readonly logLevel: string;
  readonly logFormat: 'auto' | 'pretty' | 'json';
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number | undefined;
  readonly idleBeforeLogin: number;
  readonly drainTimeout: number;
  readonly keepAlive: number;
  readonly stopGrace: number;
  readonly accounts: AccountsMode | undefined;
  readonly resumeDays: number;
  readonly search: 'open' | 'sessions';
  readonly triesPerAccount: number;
  readonly triesPerAddress: number;
  readonly newConnectionsPerAddress: number;
  /** Undefined for no port of the operator. */
  readonly adminPort: number | undefined;
  readonly adminTokenFile: string | undefined;
  /** The file that some of these are from; undefined for none. */
  readonly config: string | undefined;
  readonly grpcSessionHours: number;
  readonly grpcSessionsByConnection: 'on' | 'off' | undefined;
  readonly grpcHealth: 'on' | 'off';
  readonly grpcReflection: 'on' | 'off';
  readonly grpcCallsMax: number;
  readonly grpcMessageTimeout: number;
  readonly memoryMax: number;
  /**
   * Options that another one, `--store memory` say, makes meaningless, as somebody has named them: on the
   * line, by a variable, or in the file.
   */
  readonly withoutEffect: readonly string[];
  /** Somebody said how many connections there may be; otherwise it is the default. */
  readonly connectionsMaxSaid: boolean;
}

/** The options that make others meaningless. */
type EffectiveOptions = Pick<
  ServeOptions,
  'store' | 'transport' | 'tls' | 'tlsClient' | 'adminPort'
>;

/** Returns the options that were given and have no effect, so that the start can warn of them. */
export function withoutEffect(
  command: Command,
  { store, transport, tls, tlsClient, adminPort }: EffectiveOptions,
): readonly string[] {
  const meaningless = [
    ...(store === 'sqlite' ? [] : [/^--data-/]),
    ...(store === 'postgres' ? [] : [/^--postgres-/]),
    ...(tls === 'off' ? [/^--tls-/] : []),
    ...(tlsClient === 'off' ? [/^--tls-ca$/] : []),
    ...(transport === 'grpc' ? [/^--socket-/] : []),
    ...(transport === 'socket' ? [/^--grpc-/] : []),
    ...(adminPort === undefined ? [/^--admin-token-file$/] : []),
  ];
  return command.options
    .filter(({ long }) => meaningless.some((pattern) => pattern.test(long ?? '')))
    .flatMap((option) => namedAs(command, option));
}

/** Returns an option as it was named; nothing when it was not. */
function namedAs(command: Command, option: Option): readonly string[] {
  const { long = '', envVar = '' } = option;
  switch (command.getOptionValueSource(option.attributeName())) {
    case 'cli':
      return [long];
    case 'env':
      return [envVar];
    case 'config':
      return [`"${option.name()}" of the file`];
    default:
      return [];
  }
}
