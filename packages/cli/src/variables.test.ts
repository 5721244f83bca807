import { expect, it, vi } from 'vitest';
import { actions } from '../test/no-actions.ts';
import { loadAllCommands, loadCommands, tandemCommand } from './tandem-command.ts';
import { explainUnknownVariables } from './variables.ts';

async function explain(command: string, environment: NodeJS.ProcessEnv) {
  const loadAll = vi.fn(async () => tandemCommand(await loadAllCommands(), actions).commands);
  const { commands } = tandemCommand(await loadCommands([command]), actions);
  const said = await explainUnknownVariables(environment, commands, loadAll);
  return { said, loadedAll: loadAll.mock.calls.length > 0 };
}

it.each([
  ['TANDEM_SOKET_PORT', 'did you mean TANDEM_SOCKET_PORT?'],
  ['TANDEM_CONECTIONS_MAX', 'did you mean TANDEM_CONNECTIONS_MAX?'],
  ['TANDEM_DATADIR', 'did you mean TANDEM_DATA_DIR?'],
  ['TANDEM_STORE_', 'did you mean TANDEM_STORE?'],
  ['TANDEM_PASSWORD_OF_MINE', '--help lists all of them'],
])('names %s, which does nothing, and what may be meant', async (name, hint) => {
  expect((await explain('serve', { [name]: '1' })).said).toEqual([
    `The environment variable ${name} is not a variable of tandem, and has no effect; ${hint}`,
  ]);
});

it('says nothing of variables that some command has, nor of others', async () => {
  const environment = {
    TANDEM_STORE: 'memory',
    TANDEM_MODE: 'unary',
    TANDEM_TEST_SEED: '1',
    A: '',
  };
  expect((await explain('check', environment)).said).toEqual([]);
});

it('loads no other command while there is nothing to look up', async () => {
  const environment = { TANDEM_DATA_DIR: '/x', tandem_stores: '', HOME: '/' };
  expect(await explain('check', environment)).toEqual({ said: [], loadedAll: false });
});

it('shows a name that would steer the terminal without doing so', async () => {
  const { said } = await explain('chat', { 'TANDEM_\u001b[2J': '' });
  expect(said.join()).toContain('TANDEM_\\u{1b}[2J is not a variable');
});
