import { expect, it, onTestFinished } from 'vitest';
import { dissectConnection } from '../src/bytes/dissect/dissect.ts';
import { Recorder } from '../src/bytes/record/recorder.ts';
import { openPlainRoute } from '../src/bytes/record/route.ts';
import { loadLane } from '../src/lanes/index.ts';
import { serve } from './served-lanes.ts';

/** Records one search, and 32 at once, on a lane. */
async function recordSearches(name: string) {
  const lane = await loadLane(name);
  const route = await openPlainRoute(await serve(lane));
  onTestFinished(() => route.close());
  const dissect: ConstructorParameters<typeof Recorder>[0]['dissect'] = (tally) =>
    dissectConnection(lane, tally, undefined);
  const recorder = new Recorder({ lane: name, route, dissect, signal: undefined });
  const record = <Result>(operation: string, run: () => Promise<Result>) =>
    recorder.record([{ operation, call: 'warm' }], run);
  const client = await record('connect', () =>
    lane.connect({ host: route.host, port: route.port }),
  );
  onTestFinished(() => client.close());
  await record('prepare', () => client.prepare({ kind: 'search' }));
  const search = client.operation({ kind: 'search' });
  await record('one', search);
  const searches = () => Promise.all(Array.from({ length: 32 }, search));
  // Of the first that are made at once, one leaves before the others are known.
  await record('first', searches);
  await record('many', searches);
  const of = (operation: string) => recorder.entries.find((one) => one.operation === operation);
  const meanings = recorder.recordings
    .find(({ operation }) => operation === 'many')
    ?.flights.flatMap(({ annotations }) => annotations.flatMap(({ parts }) => parts));
  return { one: of('one'), many: of('many'), parts: meanings?.map(({ title }) => title) ?? [] };
}

it('32 searches at once are a message each way, where both sides take batches', async () => {
  const { one, many, parts } = await recordSearches('grpc-converse-batched');
  expect(one?.total).toEqual({ sent: 23, received: 23 });
  // A frame of HTTP/2, a prefix, and tag and length of the batch; then a tag and a length for each search.
  expect(many?.total).toEqual({
    sent: 9 + 5 + 4 + 32 * (2 + 9),
    received: 9 + 5 + 3 + 32 * (2 + 9),
  });
  expect(many?.layers.grpcPrefix).toEqual({ sent: 5, received: 5 });
  expect(parts).toEqual(expect.arrayContaining(['ClientBatch', 'ServerBatch', 'ClientFrame']));
});

it('elsewhere they are 32 messages', async () => {
  const { one, many } = await recordSearches('grpc-converse');
  expect(one?.total).toEqual({ sent: 23, received: 23 });
  expect(many?.layers.grpcPrefix).toEqual({ sent: 32 * 5, received: 32 * 5 });
  expect(many?.total.sent).toBe(32 * 23);
});
