import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { Operation } from '@tandem/core';
import { expect, it } from 'vitest';
import { loadMessageServiceClient } from '../src/client.ts';
import { loadMessageService } from '../src/loader.ts';

it('calls each RPC by its path, which has no package, as in 2023', () => {
  const calls = Object.values(loadMessageService()).map(
    ({ path, requestStream, responseStream }) => `${path} ${requestStream} ${responseStream}`,
  );
  expect(calls.sort()).toEqual([
    '/MessageService/Acknowledge false false',
    '/MessageService/Block false false',
    '/MessageService/ChangeSecret false false',
    '/MessageService/Converse true true',
    '/MessageService/Delete false false',
    '/MessageService/Login false false',
    '/MessageService/LoginWithSecret false false',
    '/MessageService/Logout false false',
    '/MessageService/Register false false',
    '/MessageService/RegisterWithSecret false false',
    '/MessageService/Resume false false',
    '/MessageService/Search false false',
    '/MessageService/Send false false',
    '/MessageService/Subscribe false true',
    '/MessageService/Unblock false false',
  ]);
});

it('numbers the requests of a ClientFrame as the operations', () => {
  const { field } = loadMessageService().Converse.requestType.type as unknown as {
    field: { name: string; number: number; oneofIndex: number }[];
  };
  expect(Object.fromEntries(field.map(({ name, number }) => [name, number]))).toEqual(Operation);
});

it('gives one definition and one class of stubs to the whole process', () => {
  expect(loadMessageService()).toBe(loadMessageService());
  expect(loadMessageServiceClient()).toBe(loadMessageServiceClient());
  expect(loadMessageServiceClient()).toHaveProperty('service', loadMessageService());
});

it('loads under plain node, from any directory', () => {
  const program = `
    const { loadMessageService } = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url))});
    console.log(loadMessageService().Login.path);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  expect(output).toBe('/MessageService/Login\n');
});
