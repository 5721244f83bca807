import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatPlace, parseHost } from './address.ts';

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
