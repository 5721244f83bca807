import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { ChatService, MemoryStore } from '@tandem/chat';
import { MemoryBudget } from '@tandem/core/server';
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
    tls: undefined,
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

it('has the figures that OPERATIONS has, and no others', async () => {
  const figures = (await registry.getMetricsAsJSON()).map(({ name }) => name);
  const rows = textOf('docs/OPERATIONS.md')
    .split('\n')
    .filter((line) => /^\| `[a-z0-9]+_/.test(line))
    .map((line) =>
      Array.from((line.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g), ([, name]) => name),
    );
  const named = rows.flat().filter((name) => !name?.startsWith('_'));
  expect(named.filter((name) => !figures.includes(String(name)))).toEqual([]);
  // Of figures that are alike, a row has one in full, and what differs in the others: `_max_bytes`.
  const has = (row: (typeof rows)[number], figure: string) =>
    row.some((name = '') => name.startsWith('_') && figure.includes(name)) &&
    row.some(
      (name = '') =>
        name.split('_').slice(0, 2).join('_') === figure.split('_').slice(0, 2).join('_'),
    );
  const unknown = figures.filter(
    (figure) => !named.includes(figure) && !rows.some((row) => has(row, figure)),
  );
  expect(unknown).toEqual([]);
});

it('has every figure of a histogram, whatever was counted, in the form of Prometheus', async () => {
  const text = await registry.metrics();
  expect(text).toContain('# TYPE rpc_server_call_duration_seconds histogram\n');
  expect(text).toContain('tandem_mailbox_messages_bucket{le="+Inf"} 0\n');
});

const textOf = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

it('lets Node.js have what it asks systemd for, and refuses the rest without ending it', () => {
  const lines = textOf('docs/operations/tandem.service').split('\n');
  const [filter = ''] = lines.filter((line) => line.startsWith('SystemCallFilter=@'));
  expect(filter.split(/[= ]/)).toEqual(expect.arrayContaining(['@system-service', '@pkey']));
  expect(lines).toContain('SystemCallErrorNumber=EPERM');
});

it.each(['.dockerignore', '.gitignore'])('keeps keys and secrets out: %s', (file) => {
  const patterns = textOf(file)
    .split('\n')
    .map((line) => line.replace('**/', ''));
  expect(patterns).toEqual(expect.arrayContaining(['*.pem', '*.key', '.env*']));
});

it.each([
  ['serve', '9464'],
  ['serve --admin-port 5000', '5000'],
  ['serve --admin-port=5000', '5000'],
  ['serve --admin-port 5000 --admin-port 5001', '5001'],
])('asks the server of a container for its health at its port: %s', async (line, port) => {
  const [, command = ''] = /^ {2}CMD (\["node", "-e", .*)$/m.exec(textOf('Dockerfile')) ?? [];
  const [, , program] = JSON.parse(command) as string[];
  const exited = Promise.withResolvers<number>();
  const asked: string[] = [];
  runInNewContext(String(program), {
    require: () => ({ readFileSync: () => `node\0tandem.js\0${line.replaceAll(' ', '\0')}\0` }),
    process: { env: { TANDEM_ADMIN_PORT: '9464' }, exit: exited.resolve },
    fetch: async (url: string) => {
      asked.push(url);
      return { ok: true };
    },
  });
  expect(await exited.promise).toBe(0);
  expect(asked).toEqual([`http://127.0.0.1:${port}/readyz`]);
});
