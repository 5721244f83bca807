import { describe, expect, it } from 'vitest';
import { dataRecord } from '../../../../test/rfc8448.ts';
import { hex } from '../../../../test/wire-chunks.ts';
import { WireError } from '../dissector.ts';
import { dissectEcho } from '../sockets/echo.ts';
import { Tally } from '../tally.ts';
import { dissectTls } from './connection.ts';
import { KeyLog } from './key-log.ts';

function connection() {
  const annotators = Tally.annotators(() => new Tally());
  return dissectTls(annotators, dissectEcho, new KeyLog());
}

const random = '00'.repeat(32);
// Handshake records: a hello with its version, its random bytes, no session, and what follows.
const clientHello = hex(`16 03 01 00 29 01 000025 0303 ${random} 00 1301`);
const serverHello = hex(`16 03 03 00 29 02 000025 0303 ${random} 00 1301`);

describe('dissectTls', () => {
  it('refuses sealed records before it knows whose they are', () => {
    expect(() => connection().sent.push(dataRecord)).toThrow(WireError);
  });

  it('refuses sealed records whose secrets nobody logged', () => {
    const { sent, received } = connection();
    sent.push(clientHello);
    received.push(serverHello);
    expect(() => received.push(dataRecord)).toThrow('logged');
  });

  it('refuses another message than a hello in the clear, and a hello that is cut off', () => {
    expect(() => connection().sent.push(hex('16 03 03 00 04 14 000000'))).toThrow(WireError);
    expect(() => connection().sent.push(hex('16 03 03 00 05 01 000001 03'))).toThrow(WireError);
    expect(() => connection().received.push(hex('16 03 03 00 05 02 000001 03'))).toThrow(WireError);
  });
});
