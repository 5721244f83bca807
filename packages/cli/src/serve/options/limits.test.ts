import { describe, expect, it } from 'vitest';
import { connectionsAreKnownByDefault, knowsConnections } from './limits.ts';

describe('unary calls without a token', () => {
  it.each([
    ['127.0.0.1', undefined, true],
    ['::1', undefined, true],
    ['localhost', undefined, true],
    ['0.0.0.0', undefined, false],
    ['192.0.2.1', undefined, false],
    ['0.0.0.0', 'on', true],
    ['127.0.0.1', 'off', false],
  ] as const)('on %s, told %s, are known by their connection: %s', (host, told, known) => {
    expect(knowsConnections({ host, grpcSessionsByConnection: told })).toBe(known);
  });

  it.each([
    ['127.0.0.1', undefined, 'all', true],
    ['127.0.0.1', undefined, 'grpc', true],
    ['127.0.0.1', undefined, 'socket', false],
    ['127.0.0.1', 'on', 'all', false],
    ['127.0.0.1', 'off', 'all', false],
    ['0.0.0.0', undefined, 'all', false],
  ] as const)('on %s, told %s, for %s, are a matter for the log: %s', (...row) => {
    const [host, told, transport, logged] = row;
    const options = { host, grpcSessionsByConnection: told, transport };
    expect(connectionsAreKnownByDefault(options)).toBe(logged);
  });
});
