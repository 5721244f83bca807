import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Operation, Status } from '@tandem/core';
import { expect, it } from 'vitest';
import { loadMessageServiceClient } from '../src/client.ts';
import { contractPath, loadMessageService } from '../src/loader.ts';

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

it('numbers the requests of a ClientFrame as the operations, and a batch above all of them', () => {
  const { field } = loadMessageService().Converse.requestType.type as unknown as {
    field: { name: string; number: number; oneofIndex: number }[];
  };
  expect(Object.fromEntries(field.map(({ name, number }) => [name, number]))).toEqual({
    ...Operation,
    batch: 1000,
  });
});

it('explains each status at its top once, as an outcome or as the gRPC error that stands for it', () => {
  const [top = ''] = readFileSync(contractPath, 'utf8').split('syntax =');
  const table = top.split('\n').filter((line) => /^\/\/ +\d+ {2}\S/.test(line));
  const outcomes = [...table.join('\n').matchAll(/ (\d+) {2}(?=\S)/g)];
  const errors = [...top.matchAll(/\((?:code )?(\d+)\)/g)];
  const codes = [...outcomes, ...errors].map(([, code]) => Number(code));
  expect(codes.sort((a, b) => a - b)).toEqual(Object.values(Status));
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
