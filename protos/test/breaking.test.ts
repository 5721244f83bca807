import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { breakingChanges } from '../scripts/breaking.ts';
import { contractPath } from '../src/loader.ts';

const contract = readFileSync(contractPath, 'utf8');
const contractOf2023 = readFileSync(
  new URL('../compatibility/2023.proto', import.meta.url),
  'utf8',
);

function brokenFor2023(ours: string): string[] {
  return breakingChanges({ ours, before: contractOf2023, except: ['FIELD_SAME_NAME'] });
}

it('keeps the contract of 2023', () => {
  expect(brokenFor2023(contract)).toEqual([]);
});

it.each([
  ['another field number', 'string recipient = 2', 'string recipient = 4'],
  ['a wider status code', 'int32 status_code', 'int64 status_code'],
  ['text as bytes', 'string body', 'bytes body'],
  ['one result only', 'repeated string results', 'string results'],
  ['a field that is gone', '  string query = 1;\n', '  reserved 1;\n'],
  ['an RPC that is gone', '  rpc Logout(UsernameRequest) returns (StatusCodeResponse);\n', ''],
  ['an RPC of another name', 'rpc Send(', 'rpc Post('],
  ['an RPC that answers otherwise', 'returns (SearchResponse)', 'returns (LoginResponse)'],
  ['a Subscribe without a stream', 'returns (stream Message)', 'returns (Message)'],
  ['a service of another name', 'service MessageService', 'service ChatService'],
  ['a package', 'syntax = "proto3";', 'syntax = "proto3";\npackage tandem.v1;'],
])('finds %s', (_what, from, to) => {
  const changed = contract.replaceAll(from, to);
  expect(changed).not.toBe(contract);
  expect(brokenFor2023(changed)).not.toEqual([]);
});

it('finds what breaks the clients of the last version, names included', () => {
  const renamed = contract.replaceAll('acknowledges = 2', 'confirms = 2');
  expect(breakingChanges({ ours: renamed, before: contract })).not.toEqual([]);
  expect(brokenFor2023(renamed)).toEqual([]);
});

it('lets the contract grow', () => {
  const grown = contract.replace('string query = 1;', 'string query = 1;\n  int32 limit = 2;');
  expect(breakingChanges({ ours: grown, before: contract })).toEqual([]);
});

it('does not take a contract that it cannot read for a good one', () => {
  expect(() => brokenFor2023('message {')).not.toThrow();
  expect(brokenFor2023('message {')).not.toEqual([]);
});
