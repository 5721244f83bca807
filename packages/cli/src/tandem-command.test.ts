import { describeOptions } from '@tandem/command/testing';
import { describe, expect, it } from 'vitest';
import { actions } from '../test/no-actions.ts';
import { loadCommands, tandemCommand } from './tandem-command.ts';

const all = await loadCommands([]);
const names = tandemCommand(all, actions).commands.map((command) => command.name());

const overGrpc = ['--transport', 'grpc', '--port', '7'];

// As `tandem` does, a line of a command makes that command alone.
const makersOf = ([name]: readonly string[]) =>
  name === undefined ? all : all.filter((_, index) => names[index] === name);

describeOptions((words) => tandemCommand(makersOf(words), actions), {
  'serve --store': ['--postgres-url', 'postgres://tandem@localhost/tandem'],
  backup: ['file'],
  restore: ['file'],
  migrate: ['sqlite-to-postgres'],
  'migrate --data-dir': ['--postgres-url', 'postgres://tandem@localhost/tandem'],
  admin: ['stats'],
  'admin kick': ['alice'],
  'admin delete': ['alice'],
  'admin create': ['alice'],
  'admin reset-secret': ['alice'],
  'admin ban': ['alice'],
  'admin unban': ['alice'],
  'cluster --admin-port': ['--admin-token-file', '/token'],
  chat: overGrpc,
  register: ['alice', ...overGrpc],
  send: ['alice', 'bob', 'hi', ...overGrpc],
  search: overGrpc,
  completion: ['bash'],
});

describe('tandem', () => {
  it.each(names)('loads for a line of %s that command alone', async (name) => {
    const program = tandemCommand(await loadCommands([name, '--help']), actions);
    expect(program.commands.map((command) => command.name())).toEqual([name]);
  });

  it.each([[], ['--help'], ['help', 'chat'], ['no-such'], ['toString']])(
    'loads all for a line of %j %j, to list them',
    async (...line) => {
      const program = tandemCommand(await loadCommands(line), actions);
      expect(program.commands.map((command) => command.name())).toEqual(names);
    },
  );
});
