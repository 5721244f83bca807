import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startStage } from '../fixture.ts';

const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('op_suite.py', import.meta.url));
const hasGrpc = spawnSync(python, ['-c', 'import grpc']).status === 0;
const name = "plays the op suite of 2023 with Python's gRPC";

it.skipIf(!hasGrpc)(hasGrpc ? name : `${name}: needs Debian's python3-grpcio`, async () => {
  const { server } = await startStage();
  const target = `127.0.0.1:${server.port}`;
  const { stdout } = await promisify(execFile)(python, [script, target], { timeout: 20_000 });
  expect(stdout).toContain("foo hears: ('foo', 'Hello, foo!')");
  expect(stdout.trim().split('\n').at(-1)).toBe(
    'logout without a session: StatusCode.UNAUTHENTICATED',
  );
});
