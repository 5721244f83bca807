import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  formatPlace,
  isLoopback,
  networkOf,
  parseAddress,
  parseHost,
} from './address.ts';

describe('formatAddress', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1:5'],
    ['localhost', 'localhost:5'],
    ['::1', '[::1]:5'],
    ['[::1]', '[::1]:5'],
    ['::', '[::]:5'],
    ['0:0:0:0:0:0:0:1', '[::1]:5'],
    ['2001:DB8::7', '[2001:db8::7]:5'],
    ['fe80::1%eth0', '[fe80::1%eth0]:5'],
    ['::ffff:127.0.0.1', '127.0.0.1:5'],
    ['::FFFF:c000:0207', '192.0.2.7:5'],
    ['', ':5'],
    ['not:an:address', '[not:an:address]:5'],
  ])('writes %s as %s', (host, expected) => {
    expect(formatAddress(host, 5)).toBe(expected);
  });

  it('writes an IPv4 address that is mapped into IPv6 as that IPv4 address', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(formatAddress(`::ffff:${address}`, 5)).toBe(formatAddress(address, 5));
      }),
    );
  });

  it('writes an IPv6 address alike, however it was written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const written = formatAddress(address, 5);
        expect(written).toBe(formatAddress(address.toUpperCase(), 5));
        expect(formatAddress(written.replace(/:5$/, ''), 5)).toBe(written);
      }),
    );
  });
});

describe('formatPlace', () => {
  it.each([
    [{ host: 'localhost', address: '127.0.0.1' }, 'localhost (127.0.0.1:5)'],
    [{ host: 'localhost', address: '::1' }, 'localhost ([::1]:5)'],
    [{ host: '127.0.0.1', address: '127.0.0.1' }, '127.0.0.1:5'],
    [{ host: '[::1]', address: '::1' }, '[::1]:5'],
    [{ host: '::ffff:127.0.0.1', address: '127.0.0.1' }, '127.0.0.1:5'],
  ])('names host and address, and an address once (%#)', (place, expected) => {
    expect(formatPlace({ ...place, port: 5 })).toBe(expected);
  });
});

describe('parseHost', () => {
  it.each([
    ['localhost', 'localhost'],
    ['chat.example.org.', 'chat.example.org.'],
    ['127.0.0.1', '127.0.0.1'],
    ['127.1', '127.1'],
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['[fe80::1%eth0]', 'fe80::1%eth0'],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
  ])('reads %s as %s', (text, host) => {
    expect(parseHost(text)).toEqual({ host });
  });

  it.each([
    ['', 'empty'],
    ['localhost:22067', 'a host and a port'],
    ['127.0.0.1:22067', 'a host and a port'],
    ['[::1]:22067', 'a host and a port'],
    ['localhost:', 'a host and a port'],
    ['[localhost]', 'not an IPv6 address'],
    ['[127.0.0.1]', 'not an IPv6 address'],
    ['[]', 'not an IPv6 address'],
    ['[::1', 'not an IPv6 address'],
    [':::1', 'not an IPv6 address'],
    ['fe80::1%', 'not an IPv6 address'],
    ['http://localhost', 'is a URL'],
    ['dns:///localhost:5', 'is a URL'],
    ['not a host', 'neither a name nor an address'],
    ['local\u0000host', 'neither a name nor an address'],
    ['a/b', 'neither a name nor an address'],
  ])('refuses %j, and says why', (text, problem) => {
    expect(parseHost(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('reads every address that has been written, and refuses it with a port', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(65_535), (address, port) => {
        const written = formatAddress(address, port);
        expect(parseHost(written)).toHaveProperty('problem');
        expect(parseHost(written.replace(/:[0-9]+$/, ''))).toHaveProperty('host');
      }),
    );
  });
});

describe('parseAddress', () => {
  it.each([
    ['localhost:5', 'localhost', 5],
    ['127.0.0.1:65535', '127.0.0.1', 65_535],
    ['[::1]:1', '::1', 1],
    ['[fe80::1%eth0]:22067', 'fe80::1%eth0', 22_067],
    ['localhost:0005', 'localhost', 5],
  ])('reads %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
  });

  it.each([
    ['', 'not a host and a port'],
    ['localhost', 'not a host and a port'],
    ['localhost:', 'not a host and a port'],
    ['5', 'not a host and a port'],
    ['::1', 'not a host and a port'],
    ['::1:5', 'not a host and a port'],
    ['http://localhost:5', 'not a host and a port'],
    ['localhost:5 ', 'not a host and a port'],
    ['localhost:-5', 'not a host and a port'],
    ['localhost:0', 'no port 0'],
    ['localhost:65536', 'no port 65536'],
    [`localhost:${'9'.repeat(400)}`, 'no port 9'],
    [':5', 'empty'],
    ['[localhost]:5', 'not an IPv6 address'],
    ['[]:5', 'not an IPv6 address'],
    ['a/b:5', 'neither a name nor an address'],
  ])('refuses %j, and says why', (text, problem) => {
    expect(parseAddress(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('reads what formatAddress writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()),
        fc.integer({ min: 1, max: 65_535 }),
        (host, port) => {
          const read = parseAddress(formatAddress(host, port));
          expect(read).toMatchObject({ port });
          expect('host' in read && formatAddress(read.host, port)).toBe(formatAddress(host, port));
        },
      ),
    );
  });
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['2001::1:2:3:4:5:6', '2001:0:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['', ''],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

it.each([
  ['localhost', true],
  ['LocalHost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['::2', false],
  ['127.example.org', false],
  ['localhost.example.org', false],
])('tells %s from other machines: %s', (host, alone) => {
  expect(isLoopback(host)).toBe(alone);
});
