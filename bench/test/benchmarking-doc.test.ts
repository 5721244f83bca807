import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { laneNames } from '../src/lanes/index.ts';
import type { Lane } from '../src/lanes/lane.ts';

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docs/BENCHMARKING.md', root), 'utf8');

test('shows how to add a lane with one that works', async () => {
  const [, code = ''] =
    /```ts\n\/\/ bench\/src\/lanes\/net\/[^\n]*\n([\s\S]*?)```/.exec(text) ?? [];
  const directory = new URL('bench/test/.generated/', root);
  const file = new URL('documented-lane.ts', directory);
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    file,
    code.replaceAll("'./", "'../../src/lanes/net/").replaceAll("'../lane", "'../../src/lanes/lane"),
  );
  try {
    const { lane } = (await import(/* @vite-ignore */ file.href)) as { readonly lane: Lane };
    const server = await lane.startServer?.();
    const client = await lane.connect({ host: '127.0.0.1', port: server?.port ?? 0 });

    await client.operation({ kind: 'search' })();

    await client.close();
    await server?.close();
    expect(lane.name).toBe('net-echo-bytewise');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('names every lane', () => {
  for (const name of laneNames) expect(text).toContain(`\`${name}\``);
});

test('names files that exist', () => {
  for (const [, path] of text.matchAll(/\]\(\.\.\/([^)#]+)\)/g)) {
    expect(() => readFileSync(new URL(path as string, root)), path).not.toThrow();
  }
});
