import { status as GrpcStatus, Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { expect, it, vi } from 'vitest';
import { AnsweredCalls } from './completed-calls.ts';

type Call = Parameters<ServerInterceptor>[1];
type Listener = Parameters<Call['start']>[0];

const path = '/Service/Method';

/** A call of the method, watched, whose handler has got its metadata. */
function watched(deadline = Number.POSITIVE_INFINITY) {
  const answered = new AnsweredCalls();
  const metadata = new Metadata();
  const call = {
    start: (listener: Listener) => listener.onReceiveMetadata(metadata),
    sendStatus: vi.fn(),
    getDeadline: () => deadline,
  } as unknown as Call;
  const onReceiveMetadata = vi.fn();
  const watching = answered.watch(path)({ path } as never, call);
  watching.start({ onReceiveMetadata } as never);
  expect(onReceiveMetadata).toHaveBeenCalledExactlyOnceWith(metadata);
  return { answered, metadata, call, watching };
}

it('knows a call that ended with its response', () => {
  const { answered, metadata, call, watching } = watched(Date.now() + 60_000);
  expect(answered.has(metadata)).toBe(false);
  watching.sendStatus({ code: GrpcStatus.OK, details: 'OK' });
  expect(answered.has(metadata)).toBe(true);
  expect(answered.has(new Metadata())).toBe(false);
  expect(call.sendStatus).toHaveBeenCalledOnce();
});

it('does not take an error for an answer', () => {
  const { answered, metadata, watching } = watched();
  watching.sendStatus({ code: GrpcStatus.INTERNAL, details: '' });
  expect(answered.has(metadata)).toBe(false);
});

it('does not take for answered what came after the deadline', () => {
  const { answered, metadata, watching } = watched(Date.now() - 1);
  watching.sendStatus({ code: GrpcStatus.OK, details: 'OK' });
  expect(answered.has(metadata)).toBe(false);
});

it('leaves the calls of other methods alone', () => {
  const call = {} as Call;
  expect(new AnsweredCalls().watch(path)({ path: '/Service/Other' } as never, call)).toBe(call);
});
