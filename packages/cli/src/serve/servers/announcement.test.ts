import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { announce, knownInterfaces } from './announcement.ts';

const interfaces = {
  lo: [address('127.0.0.1', 'IPv4', true), address('::1', 'IPv6', true)],
  eth0: [address('192.0.2.7', 'IPv4'), address('2001:db8::7', 'IPv6'), address('fe80::1', 'IPv6')],
};

function address(name: string, family: 'IPv4' | 'IPv6', internal = false): NetworkInterfaceInfo {
  const common = { address: name, netmask: '', mac: '', internal, cidr: null };
  const scopeid = name.startsWith('fe80') ? 2 : 0;
  return family === 'IPv4' ? { ...common, family } : { ...common, family, scopeid };
}

describe('announce', () => {
  it('says where each transport is served, and the command to chat with it', () => {
    const served = [
      { transport: 'socket', host: '127.0.0.1', address: '127.0.0.1', port: 1 },
      { transport: 'grpc', host: '127.0.0.1', address: '127.0.0.1', port: 2 },
    ] as const;
    expect(announce(served, interfaces, '/srv/chat').split('\n')).toEqual([
      'Serving sockets on 127.0.0.1:1',
      '  chat with npx -y pnpm@12 chat:socket --host 127.0.0.1 --port 1',
      'Serving gRPC on 127.0.0.1:2',
      '  chat with npx -y pnpm@12 chat:grpc --host 127.0.0.1 --port 2',
      'Accounts and messages are kept in /srv/chat; stop with Ctrl-C',
      '',
    ]);
  });

  it('names the machine and its addresses when it listens on all of them, those of others first', () => {
    const text = announce(
      [{ transport: 'socket', host: '0.0.0.0', address: '0.0.0.0', port: 9 }],
      interfaces,
      undefined,
      undefined,
      'chat\u001b[2J.example.org',
    );
    expect(text).toContain(
      'Serving sockets on 192.0.2.7:9\n  also on   chat\\u{1b}[2J.example.org:9\n  also on   127.0.0.1:9\n',
    );
    expect(text).not.toContain('0.0.0.0');
  });

  it.each([
    ['localhost', '127.0.0.1', 'localhost (127.0.0.1:9)', '127.0.0.1'],
    ['::1', '::1', '[::1]:9', '::1'],
    ['fe80::1%eth0', 'fe80::1%eth0', '[fe80::1%eth0]:9', 'fe80::1%eth0'],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1', '127.0.0.1:9', '127.0.0.1'],
  ])('writes %s as people read it, and how to reach it', (host, bound, where, reached) => {
    const served = [{ transport: 'socket', host, address: bound, port: 9 }] as const;
    expect(announce(served, interfaces, undefined).split('\n').slice(0, 2)).toEqual([
      `Serving sockets on ${where}`,
      `  chat with npx -y pnpm@12 chat:socket --host ${reached} --port 9`,
    ]);
  });

  it('shows a data directory whose name would steer the terminal', () => {
    const text = announce([], interfaces, '/data\u001b[2J\n');
    expect(text).toBe(
      'Accounts and messages are kept in /data\\u{1b}[2J\\u{a}; stop with Ctrl-C\n',
    );
  });

  it('names IPv6 addresses in brackets, and none that needs an interface to go with it', () => {
    const text = announce(
      [{ transport: 'grpc', host: '::', address: '::', port: 9 }],
      interfaces,
      undefined,
    );
    expect(text).toContain('[2001:db8::7]:9');
    expect(text).not.toContain('fe80');
  });

  it('knows no interfaces where it may not ask for them', () => {
    const refused = () => {
      throw new Error('uv_interface_addresses returned Unknown system error 97');
    };
    expect(knownInterfaces(refused)).toEqual({});
    expect(knownInterfaces(() => interfaces)).toBe(interfaces);
  });

  it('falls back on the address that was asked for when the machine knows none', () => {
    const text = announce(
      [{ transport: 'socket', host: '0.0.0.0', address: '0.0.0.0', port: 9 }],
      {},
      undefined,
    );
    expect(text).toContain('Serving sockets on 0.0.0.0:9');
  });
});
