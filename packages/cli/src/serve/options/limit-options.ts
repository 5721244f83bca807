import { defaultChatLimits, defaultIdentitySettings } from '@tandem/chat/limits';
import { defaultGrpcServerLimits } from '@tandem/grpc-server/limits';
import { defaultSocketServerLimits } from '@tandem/socket-server/limits';
import type { Command } from 'commander';
import { defaultMemoryMax, memoryMin, memoryRule } from '../../memory-max.ts';
import { numberOption } from '../../option.ts';

// A count that the u16 of the response to a seed login can hold. [P-7.3]
const mailboxMessagesLimit = 65_535;
const countMax = 1_000_000_000;
// A Map of V8 holds 2^24 entries. With accounts that come and go it has to be at most half full: then it
// makes room by clearing away what was deleted, and never by growing beyond that.
const accountsLimit = 2 ** 23;
// TCP_KEEPIDLE of Linux takes no more seconds, and a longer silence would never be asked about.
const keepAliveLimit = 32_767;
// A Subscribe holds one call of a client over unary calls for as long as it is logged in.
const callsMin = 2;
// There are no more streams on a connection of HTTP/2.
const callsLimit = 2 ** 31 - 1;
// A client that does a little of everything is served.
const usageMin = 32;
// The longest message.
const storedBytesMin = 1_024;
const dataBytesMin = 64 * 1024;
const dataBytesDefault = 10 * 1024 ** 3;
const secondsMax = 86_400;
/** A day, in milliseconds. */
export const dayMs = 24 * 3_600_000;

/** Adds the options of `tandem serve` that bound what clients can do. */
export function addLimitOptions(command: Command): void {
  const count = (flags: string, description: string, value: number, max = countMax) =>
    numberOption(`${flags} <count>`, description, { min: 1, max }).default(value);
  const seconds = (flags: string, description: string, ms: number, max = secondsMax) =>
    numberOption(`${flags} <seconds>`, description, { min: 1, max }).default(ms / 1000);
  const sockets = defaultSocketServerLimits;
  command
    .optionsGroup('Limits:')
    .addOption(
      count('--connections-max', 'connections at once, for each transport', sockets.connectionsMax),
    )
    .addOption(
      numberOption(
        '--connections-per-address-max <count>',
        'connections at once from one address, for each transport',
        {
          min: 1,
          max: countMax,
        },
      ).default(undefined, 'no limit'),
    )
    .addOption(
      seconds(
        '--idle-before-login',
        'longest silence of a connection without a session',
        sockets.idleBeforeLoginMs,
      ),
    )
    .addOption(
      seconds(
        '--drain-timeout',
        'longest wait for a client that reads nothing',
        sockets.drainTimeoutMs,
      ),
    )
    .addOption(
      seconds(
        '--keep-alive',
        'silence before the client is probed',
        sockets.keepAliveMs,
        keepAliveLimit,
      ),
    )
    .addOption(
      numberOption('--resume-days <days>', 'how long a session can be resumed', {
        min: 1,
        max: 3_650,
      }).default(defaultIdentitySettings.resumeMs / dayMs),
    )
    .addOption(
      seconds('--stop-grace', 'longest wait for pending responses at a stop', sockets.stopGraceMs),
    )
    .addOption(count('--accounts-max', 'accounts', defaultChatLimits.accountsMax, accountsLimit))
    .addOption(
      count(
        '--mailbox-messages-max',
        'unread messages of a user',
        defaultChatLimits.mailboxMessagesMax,
        mailboxMessagesLimit,
      ),
    )
    .addOption(
      numberOption('--data-bytes-max <bytes>', 'data that sqlite keeps', {
        min: dataBytesMin,
        max: Number.MAX_SAFE_INTEGER,
      }).default(dataBytesDefault),
    )
    .addOption(
      count(
        '--searches-waiting-max',
        'searches that wait for their turn',
        defaultChatLimits.searchesWaitingMax,
      ),
    );
  command.addOption(
    numberOption('--memory-max <bytes>', 'memory that all connections may hold together', {
      min: memoryMin,
      max: Number.MAX_SAFE_INTEGER,
    }).default(defaultMemoryMax(), memoryRule),
  );
  addUsageOptions(command);
  addGrpcLimitOptions(command);
}

// No person comes near any of these, nor does a program that waits for responses. They bound what one
// address or one account can do to a server in a minute, or to its disk in a day.
function addUsageOptions(command: Command): void {
  const range = { min: usageMin, max: countMax };
  const rate = (flags: string, description: string, value: number) =>
    command.addOption(numberOption(`${flags} <count>`, description, range).default(value));
  const tries = (flags: string, description: string, value: number) =>
    command.addOption(
      numberOption(`${flags} <count>`, description, { min: 1, max: countMax }).default(value),
    );
  const { perAccount, perAddress } = defaultIdentitySettings.tries;
  tries(
    '--tries-per-account',
    'wrong secrets for an account at once; one more a minute',
    perAccount.burst,
  );
  tries(
    '--tries-per-address',
    'wrong secrets from an address at once; one more in 12 s',
    perAddress.burst,
  );
  rate('--registers-per-address', 'registers of an address in a minute', 20_000);
  rate('--sends-per-user', 'messages of a user in a minute', 1_000_000);
  rate('--sends-per-address', 'messages from an address in a minute', 10_000_000);
  rate('--searches-per-address', 'searches from an address in a minute', 1_000_000);
  rate('--new-connections-per-address', 'connections that an address opens in a minute', 60_000);
  command.addOption(
    numberOption(
      '--stored-bytes-per-user <bytes>',
      'messages of a user in all mailboxes together',
      {
        min: storedBytesMin,
        max: Number.MAX_SAFE_INTEGER,
      },
    ).default(256 * 1024 * 1024),
  );
}

// A timer of Node.js waits no longer.
const sessionHoursMax = 24 * 24;

const bytesRange = { min: 1, max: Number.MAX_SAFE_INTEGER };

function addGrpcLimitOptions(command: Command): void {
  const limit = (flags: string, description: string, value: number, range = bytesRange) =>
    numberOption(flags, description, range).default(value);
  const grpc = defaultGrpcServerLimits;
  command
    .addOption(
      limit(
        '--grpc-calls-max <count>',
        'gRPC calls at once, on one connection',
        grpc.streamsPerConnectionMax,
        { min: callsMin, max: callsLimit },
      ),
    )
    .addOption(
      numberOption('--grpc-session-hours <hours>', 'how long a session over unary calls lasts', {
        min: 1,
        max: sessionHoursMax,
      }).default(grpc.sessionMs / 3_600_000),
    )
    .addOption(
      numberOption(
        '--grpc-message-timeout <seconds>',
        'longest wait for the message of a gRPC call',
        {
          min: 1,
          max: secondsMax,
        },
      ).default(grpc.messageTimeoutMs / 1000),
    );
}
