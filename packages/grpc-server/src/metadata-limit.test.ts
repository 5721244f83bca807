import { Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { expect, it, vi } from 'vitest';
import { limitMetadata } from './metadata-limit.ts';

type Call = Parameters<ServerInterceptor>[1];
type Listener = Parameters<Call['start']>[0];

/** A call with this metadata, seen by the limit: what its handler hears, and how it was ended. */
function callWith(metadata: Metadata, bytesMax: number) {
  let heard: Listener | undefined;
  const call = { start: vi.fn((listener) => (heard = listener)), sendStatus: vi.fn() };
  const handler = {
    onReceiveMetadata: vi.fn(),
    onReceiveMessage: vi.fn(),
    onReceiveHalfClose: vi.fn(),
    onCancel: vi.fn(),
  };
  limitMetadata(bytesMax)({} as never, call as unknown as Call).start(handler);
  heard?.onReceiveMetadata(metadata);
  return { call, handler, heard };
}

it('counts names and values, text and bytes', () => {
  const metadata = new Metadata();
  metadata.add('ab', 'cde');
  metadata.add('ab', 'f');
  metadata.add('x-bin', Buffer.alloc(10));
  const bytes = 2 + 3 + 2 + 1 + 5 + 10;
  const within = callWith(metadata, bytes);
  expect(within.handler.onReceiveMetadata).toHaveBeenCalledExactlyOnceWith(metadata);
  expect(within.call.sendStatus).not.toHaveBeenCalled();
  const beyond = callWith(metadata, bytes - 1);
  expect(beyond.handler.onReceiveMetadata).not.toHaveBeenCalled();
  expect(beyond.call.sendStatus).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ code: 8 }),
  );
});

it('lets everything else of a call through', () => {
  const { handler, heard } = callWith(new Metadata(), 0);
  heard?.onReceiveMessage('message');
  heard?.onReceiveHalfClose();
  heard?.onCancel();
  expect(handler.onReceiveMetadata).toHaveBeenCalledOnce();
  expect(handler.onReceiveMessage).toHaveBeenCalledExactlyOnceWith('message');
  expect(handler.onReceiveHalfClose).toHaveBeenCalledOnce();
  expect(handler.onCancel).toHaveBeenCalledOnce();
});
