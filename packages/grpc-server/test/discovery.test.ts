import { credentials, makeGenericClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';
import { loadMessageService } from '@tandem/protos';
import { service as healthService } from 'grpc-health-check';
import { describe, expect, it } from 'vitest';
import { type Stage, startStage } from './fixture.ts';
import { prefixed, RawSession, responseOf } from './hostile/raw-session.ts';
import { Incoming } from './test-client.ts';

/** A client of the health service. */
function healthOf({ server, clients }: Stage) {
  const Stubs = makeGenericClientConstructor(
    healthService as unknown as ServiceDefinition,
    'Health',
  );
  const stub = new Stubs(`127.0.0.1:${server.port}`, credentials.createInsecure());
  clients.push({ close: () => stub.close() } as never);
  const check = (service: string) =>
    new Promise<string>((resolve) => {
      stub.check?.({ service }, (error: Error | null, response: { status: string }) =>
        resolve(error?.message ?? response.status),
      );
    });
  const watch = (service: string) => new Incoming<{ status: string }>(stub.watch?.({ service }));
  return { check, watch };
}

// A ServerReflectionRequest, by hand: field 7 lists services, field 4 asks for the file of a symbol.
const listServices = Buffer.from('3a00', 'hex');
const fileOf = (symbol: string) =>
  Buffer.concat([Buffer.from([0x22, symbol.length]), Buffer.from(symbol)]);

const reflection = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';

describe('health', () => {
  it('says that the server serves, and what it does not know', async () => {
    const { check } = healthOf(await startStage());
    expect([await check(''), await check('MessageService')]).toEqual(['SERVING', 'SERVING']);
    expect(await check('Other')).toContain('NOT_FOUND');
  });

  it('tells who watches that it stops, and does not keep the server from it', async () => {
    const stage = await startStage({ limits: { stopGraceMs: 3_600_000 } });
    const watches = [healthOf(stage).watch(''), healthOf(stage).watch('MessageService')];
    for (const watch of watches) expect(await watch.take(1)).toEqual([{ status: 'SERVING' }]);
    await stage.server.stop();
    for (const watch of watches) {
      expect(await watch.rest()).toEqual([{ status: 'NOT_SERVING' }]);
      expect(await watch.ended).toBe('UNAVAILABLE');
    }
  });

  it('forgets who watches no more', async () => {
    const stage = await startStage();
    const watch = healthOf(stage).watch('');
    await watch.take(1);
    watch.call.cancel();
    expect(await watch.ended).toBe('CANCELLED');
    await stage.server.stop();
  });
});

it.each([
  { health: false, reflection: true },
  { health: true, reflection: false },
])('is without the services for tools that it is not to have: %o', async (discovery) => {
  const stage = await startStage({ discovery });
  expect(await healthOf(stage).check('')).toContain(discovery.health ? 'SERVING' : 'UNIMPLEMENTED');
  const raw = await RawSession.connect(stage.server.port);
  for (const version of ['v1', 'v1alpha']) {
    const stream = raw.open(reflection.replace('v1', version));
    stream.end(prefixed(listServices));
    expect((await responseOf(stream)).grpcStatus).toBe(discovery.reflection ? 0 : 12);
  }
  raw.destroy();
  // And stops as any other.
  await stage.server.stop();
});

describe('reflection', () => {
  it('names the service, and shows every method and message of it', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port);
    for (const version of ['v1', 'v1alpha']) {
      const stream = raw.open(reflection.replace('v1', version));
      stream.write(prefixed(listServices));
      stream.write(prefixed(fileOf('MessageService')));
      stream.end(prefixed(fileOf('Other')));
      const { bytes, grpcStatus } = await responseOf(stream);
      const text = bytes.toString('latin1');
      expect(grpcStatus).toBe(0);
      // Field 1, 14 bytes: the service's name, without the dot of a file that has no package.
      expect(text).toContain('\x0a\x0eMessageService');
      expect(text).not.toContain('.MessageService');
      for (const { path } of Object.values(loadMessageService())) {
        const [, service, method] = path.split('/');
        expect(text).toContain(service);
        expect(text).toContain(method);
      }
      expect(text).toContain('not found');
      expect(text).toContain('acknowledges');
    }
    raw.destroy();
  });

  it('does not keep the server from stopping', async () => {
    const stage = await startStage({ limits: { stopGraceMs: 3_600_000 } });
    const raw = await RawSession.connect(stage.server.port);
    const stream = raw.open(reflection);
    stream.write(prefixed(listServices));
    const answer = responseOf(stream);
    await raw.heard();
    const stopped = stage.server.stop();
    expect((await answer).grpcStatus).toBe(14);
    await stopped;
  });

  it('reads no further than its client reads the responses', async () => {
    const stage = await startStage();
    const raw = await RawSession.connect(stage.server.port, 0);
    const stream = raw.open(reflection);
    const request = prefixed(fileOf('MessageService'));
    const before = process.memoryUsage().arrayBuffers;
    const requests = Buffer.concat(Array(2_000).fill(request));
    for (let i = 0; i < 50; i++) stream.write(requests);
    await stage.untilSteady(() => raw.session.state.remoteWindowSize ?? 0);
    // What is not read is held back by the flow control of the stream.
    expect(stream.writableLength).toBeGreaterThan(requests.length * 40);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    raw.destroy();
  });
});
