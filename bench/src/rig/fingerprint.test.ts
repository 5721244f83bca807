import { expect, test } from 'vitest';
import { versionsIn } from './fingerprint.ts';

test('finds the versions that a lockfile settles', () => {
  const lockfile = [
    'packages:',
    '',
    "  '@grpc/grpc-js@1.14.7':",
    '    resolution: {integrity: sha512-a}',
    '  protobufjs@7.5.4:',
    '  tinybench@6.2.3:',
    'snapshots:',
    "  '@grpc/proto-loader@0.8.0(protobufjs@7.5.4)':",
  ].join('\n');

  expect(versionsIn(lockfile)).toEqual({
    '@grpc/grpc-js': '1.14.7',
    protobufjs: '7.5.4',
    tinybench: '6.2.3',
  });
});
