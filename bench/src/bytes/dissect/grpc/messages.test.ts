import { describe, expect, it } from 'vitest';
import { hex } from '../../../../test/wire-chunks.ts';
import { WireError } from '../dissector.ts';
import { Tally } from '../tally.ts';
import { messageShape } from './contract.ts';
import { GrpcMessages } from './messages.ts';

const shape = messageShape('UsernameRequest');

// `alice` and `bob`, each behind a flag and a length.
const two = hex('00 00000007 0a 05 61 6c 69 63 65 00 00000005 0a 03 62 6f 62');

describe('GrpcMessages', () => {
  it('takes messages apart however DATA frames cut them', () => {
    for (let at = 0; at <= two.length; at++) {
      const tally = new Tally();
      const messages = new GrpcMessages(shape, Tally.annotators(() => tally).sent);
      messages.push(two.subarray(0, at));
      expect(tally.total.sent + messages.pendingBytes).toBe(at);
      messages.push(two.subarray(at));
      expect(messages.pendingBytes).toBe(0);
      expect(tally.layers).toEqual({
        content: { sent: 8, received: 0 },
        protobuf: { sent: 4, received: 0 },
        grpcPrefix: { sent: 10, received: 0 },
      });
    }
  });

  it('waits for a message that is not complete', () => {
    const messages = new GrpcMessages(shape, Tally.annotators(() => new Tally()).sent);
    messages.push(hex('00 00000007 0a 05 61'));
    expect(messages.pendingBytes).toBe(8);
  });

  it.each([
    ['a compressed message', '01 00000007 0a 05 61 6c 69 63 65'],
    ['a message that is longer than any', '00 00400001'],
  ])('refuses %s', (_, bytes) => {
    const messages = new GrpcMessages(shape, Tally.annotators(() => new Tally()).sent);
    expect(() => messages.push(hex(bytes))).toThrow(WireError);
  });
});
