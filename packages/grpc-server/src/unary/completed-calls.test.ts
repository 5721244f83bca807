import { status as GrpcStatus, Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { expect, it, vi } from 'vitest';
import { CompletedCalls } from './completed-calls.ts';

type Call = Parameters<ServerInterceptor>[1];
type Listener = Parameters<Call['start']>[0];

const path = '/Service/Method';

/** A call of the method, watched, whose handler has got its metadata. */
function watched(deadline = Number.POSITIVE_INFINITY) {
  const completed = new CompletedCalls();
  const metadata = new Metadata();
  const sendStatus = vi.fn();
  const call = {
    start: (listener: Listener) => listener.onReceiveMetadata(metadata),
    sendStatus,
    getDeadline: () => deadline,
  } as unknown as Call;
  const onReceiveMetadata = vi.fn();
  const watching = completed.watch(new Set([path]))({ path } as never, call);
  watching.start({ onReceiveMetadata } as never);
  expect(onReceiveMetadata).toHaveBeenCalledExactlyOnceWith(metadata);
  return { completed, metadata, sendStatus, watching };
}

it('knows a call that was completed', () => {
  const { completed, metadata, sendStatus, watching } = watched(Date.now() + 60_000);
  expect(completed.has(metadata)).toBe(false);
  watching.sendStatus({ code: GrpcStatus.OK, details: 'OK' });
  expect(completed.has(metadata)).toBe(true);
  expect(completed.has(new Metadata())).toBe(false);
  expect(sendStatus).toHaveBeenCalledOnce();
});

it('does not take an error for a response', () => {
  const { completed, metadata, watching } = watched();
  watching.sendStatus({ code: GrpcStatus.INTERNAL, details: '' });
  expect(completed.has(metadata)).toBe(false);
});

it('does not take a response after the deadline for complete', () => {
  const { completed, metadata, watching } = watched(Date.now() - 1);
  watching.sendStatus({ code: GrpcStatus.OK, details: 'OK' });
  expect(completed.has(metadata)).toBe(false);
});

it('leaves the calls of other methods alone', () => {
  const call = {} as Call;
  expect(
    new CompletedCalls().watch(new Set([path]))({ path: '/Service/Other' } as never, call),
  ).toBe(call);
});
