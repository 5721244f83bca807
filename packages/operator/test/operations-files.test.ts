import { readFileSync } from 'node:fs';
import { ChatService, MemoryStore } from '@tandem/chat';
import { MemoryBudget } from '@tandem/core';
import { expect, it } from 'vitest';
import { OperationMeter, StoreTimes } from '../src/index.ts';
import { newRegistry } from '../src/metrics/registry.ts';

const registry = newRegistry(
  {
    service: await ChatService.open({ store: new MemoryStore() }),
    servers: [],
    meters: { socket: new OperationMeter(), grpc: new OperationMeter() },
    storeTimes: new StoreTimes(),
    storeFailures: 0,
    budget: new MemoryBudget(1024 * 1024),
    ready: true,
  },
  1_024,
);

/** The names that samples may have. */
async function namesOfSamples(): Promise<Set<string>> {
  const metrics = await registry.getMetricsAsJSON();
  return new Set(
    metrics.flatMap(({ name, type }) =>
      // The library's types say a number, and it is a text.
      String(type) === 'histogram'
        ? ['_bucket', '_sum', '_count'].map((end) => name + end)
        : [name],
    ),
  );
}

it.each(['alerts.yml', 'dashboard.json'])('gives each figure that %s asks for', async (file) => {
  const names = await namesOfSamples();
  const path = new URL(`../../../docs/operations/${file}`, import.meta.url);
  const asked = readFileSync(path, 'utf8').matchAll(
    /\b(?:tandem|nodejs|v8js|process|rpc|db)_[a-z0-9_]+\b/g,
  );
  const missing = new Set(Array.from(asked, ([name]) => name).filter((name) => !names.has(name)));
  expect([...missing]).toEqual([]);
  expect(names.size).toBeGreaterThan(20);
});

it('has every figure of a histogram, whatever was counted, in the form of Prometheus', async () => {
  const text = await registry.metrics();
  expect(text).toContain('# TYPE rpc_server_call_duration_seconds histogram\n');
  expect(text).toContain('tandem_mailbox_messages_bucket{le="+Inf"} 0\n');
});
