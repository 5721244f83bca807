import {
  isValidQuery,
  isValidUsername,
  Status,
  secretCharsMax,
  secretCharsMin,
} from '@tandem/core';
import { bansMax, parseBanTarget } from './bans.ts';
import { drain, showCluster } from './cluster.ts';
import type {
  CommandArguments,
  CommandOutcome,
  CommandTargets,
  OperatorCommand,
} from './command.ts';

const never = () => false;
const always = () => true;

/** The commands that there are, by name. */
export const operatorCommands: ReadonlyMap<string, OperatorCommand> = new Map<
  string,
  OperatorCommand
>([
  ['users', { changes: never, told: ['query'], run: users }],
  ['sessions', { changes: never, told: [], run: sessions }],
  ['stats', { changes: never, told: [], run: ({ stats }) => ({ result: stats() }) }],
  ['bans', { changes: never, told: [], run: ({ bans }) => ({ result: { ...bans.list } }) }],
  ['kick', { changes: always, told: ['name'], run: named(kick) }],
  ['create', { changes: always, told: ['name'], run: named(create) }],
  ['delete', { changes: always, told: ['name'], run: named(remove) }],
  ['reset-secret', { changes: always, told: ['name'], run: named(resetSecret) }],
  ['ban', { changes: always, told: ['target'], run: ban }],
  ['unban', { changes: always, told: ['target'], run: unban }],
  ['cluster', { changes: never, told: [], run: showCluster }],
  ['drain', { changes: always, told: ['node', 'force'], run: drain }],
  ['log-level', { changes: ({ level }) => level !== undefined, told: ['level'], run: logLevel }],
]);

async function users(
  { administration }: CommandTargets,
  { query = '*' }: CommandArguments,
): Promise<CommandOutcome> {
  if (typeof query !== 'string' || !isValidQuery(query)) {
    return { refused: 'A query is up to 50 letters, digits and *.' };
  }
  const found = await administration.users(query);
  return found === undefined ? tooBusy : { result: { ...found } };
}

function sessions({ administration }: CommandTargets): CommandOutcome {
  return { result: { sessions: administration.sessions() } };
}

type NamedCommand = (
  targets: CommandTargets,
  name: string,
  args: CommandArguments,
) => CommandOutcome | Promise<CommandOutcome>;

/** Makes a command of one that acts on a user. */
function named(run: NamedCommand): OperatorCommand['run'] {
  return (targets, args) => {
    const { name } = args;
    if (typeof name === 'string' && isValidUsername(name)) return run(targets, name, args);
    return { refused: 'A username is 1 to 50 letters and digits.' };
  };
}

async function kick({ administration }: CommandTargets, name: string): Promise<CommandOutcome> {
  if (await administration.kick(name)) return { result: { kicked: name } };
  return (await administration.has(name)) ? { refused: `${name} is not logged in.` } : nobody(name);
}

async function create(
  { administration }: CommandTargets,
  name: string,
  { secret }: CommandArguments,
): Promise<CommandOutcome> {
  if (!isOptionalText(secret)) return { refused: 'A secret is a text.' };
  const { status } = await administration.create(name, secret);
  return status === Status.registered ? { result: { created: name } } : refusalOf(status, name);
}

async function remove({ administration }: CommandTargets, name: string): Promise<CommandOutcome> {
  return (await administration.delete(name)) ? { result: { deleted: name } } : nobody(name);
}

async function resetSecret(
  { administration }: CommandTargets,
  name: string,
  { secret }: CommandArguments,
): Promise<CommandOutcome> {
  if (!isOptionalText(secret)) return { refused: 'A secret is a text.' };
  const status = await administration.resetSecret(name, secret);
  return status === Status.secretChanged ? { result: { changed: name } } : refusalOf(status, name);
}

async function ban(
  { administration, bans, closeNetwork }: CommandTargets,
  { target: text }: CommandArguments,
): Promise<CommandOutcome> {
  const target = typeof text === 'string' ? parseBanTarget(text) : undefined;
  if (target === undefined) return notATarget;
  const isNew = await bans.add(target);
  if (!isNew && !bans.has(target))
    return { refused: `The list of bans is full: it takes ${bansMax}.` };
  // Also of one who is banned already: what should have followed the ban may have failed.
  if (target.kind === 'network') {
    const connectionsClosed = closeNetwork(target.network);
    return isNew ? { result: { banned: target.network, connectionsClosed } } : bannedAlready(text);
  }
  const kicked = await administration.kick(target.name);
  if (!isNew) return bannedAlready(text);
  const exists = await administration.has(target.name);
  return { result: { banned: target.name, kicked, exists } };
}

function bannedAlready(text: unknown): CommandOutcome {
  return { refused: `${text} is banned already.` };
}

async function unban(
  { bans }: CommandTargets,
  { target: text }: CommandArguments,
): Promise<CommandOutcome> {
  const target = typeof text === 'string' ? parseBanTarget(text) : undefined;
  if (target === undefined) return notATarget;
  return (await bans.remove(target))
    ? { result: { unbanned: text } }
    : { refused: `${text} is not banned.` };
}

function logLevel(targets: CommandTargets, { level }: CommandArguments): CommandOutcome {
  if (level === undefined) return { result: { level: targets.logLevel } };
  if (typeof level !== 'string' || !targets.logLevels.includes(level)) {
    return { refused: `A level of the log is one of ${targets.logLevels.join(', ')}.` };
  }
  const before = targets.logLevel;
  targets.logLevel = level;
  return { result: { level, before } };
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

const notATarget: CommandOutcome = {
  refused: 'A ban is of a username, 1 to 50 letters and digits, or of an IPv4 or IPv6 address.',
};

const tooBusy: CommandOutcome = { refused: 'The server has too much to do; try again.' };

function nobody(name: string): CommandOutcome {
  return { refused: `There is no user ${name}.` };
}

function refusalOf(status: Status, name: string): CommandOutcome {
  switch (status) {
    case Status.usernameTaken:
      return { refused: `There is a user ${name} already.` };
    case Status.notRegistered:
      return nobody(name);
    case Status.noSecrets:
      return { refused: 'This server takes no secrets: its Node.js has no Argon2id.' };
    case Status.secretTooWeak:
      return {
        refused: `The secret is easy to guess: it needs ${secretCharsMin} characters that are not all the same, and is neither the name nor a common secret.`,
      };
    case Status.secretTooLong:
      return { refused: `The secret is longer than ${secretCharsMax} characters.` };
    case Status.invalidContent:
      return { refused: 'A secret is printable ASCII characters without |.' };
    default:
      return tooBusy;
  }
}
