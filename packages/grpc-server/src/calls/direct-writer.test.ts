import { Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { expect, it, vi } from 'vitest';
import { Outlets } from './direct-writer.ts';

type Call = Parameters<ServerInterceptor>[1];
type Listener = Parameters<Call['start']>[0];

/** A call of this method that the outlets saw: what it was asked to send, and what its handler heard. */
function callOf(method: { readonly path: string; readonly responseStream: boolean }) {
  const outlets = new Outlets('Chat');
  const metadata = new Metadata();
  const handler = {
    onReceiveMetadata: vi.fn(),
    onReceiveMessage: vi.fn(),
    onReceiveHalfClose: vi.fn(),
    onCancel: vi.fn(),
  };
  let heard: Listener | undefined;
  const sendMessage = vi.fn();
  const call = { start: (listener: Listener) => (heard = listener), sendMessage };
  outlets.interceptor(method as never, call as unknown as Call).start(handler);
  heard?.onReceiveMetadata(metadata);
  return { outlets, metadata, handler, heard, sendMessage };
}

const stream = { path: '/Chat/Converse', responseStream: true };

it('hands over all messages of a turn, before any is accepted', () => {
  const { outlets, metadata, sendMessage } = callOf(stream);
  const [first, second] = [vi.fn(), vi.fn()];
  const outlet = outlets.of<string>(metadata);
  outlet.write('one', first);
  outlet.write('two', second);
  expect(sendMessage.mock.calls).toEqual([
    ['one', first],
    ['two', second],
  ]);
  expect(first).not.toHaveBeenCalled();
});

it('lets everything that comes through', () => {
  const { metadata, handler, heard } = callOf(stream);
  heard?.onReceiveMessage('message');
  heard?.onReceiveHalfClose();
  heard?.onCancel();
  expect(handler.onReceiveMetadata).toHaveBeenCalledExactlyOnceWith(metadata);
  expect(handler.onReceiveMessage).toHaveBeenCalledExactlyOnceWith('message');
  expect(handler.onReceiveHalfClose).toHaveBeenCalledOnce();
  expect(handler.onCancel).toHaveBeenCalledOnce();
});

it.each([
  { path: '/Chat/Send', responseStream: false },
  { path: '/Health/Watch', responseStream: true },
])('has none for $path', (method) => {
  const { outlets, metadata, handler, heard } = callOf(method);
  expect(heard).toBe(handler);
  expect(() => outlets.of(metadata)).toThrow('did not come by');
});
