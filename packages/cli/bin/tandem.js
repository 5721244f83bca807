#!/usr/bin/env node
// Starts `tandem` with what compiling it gave the last time. In JavaScript, which alone needs none of
// that: to erase the types of one file, Node.js first loads a compiler.
import { start } from '../../../start.js';

void start('tandem', async () => {
  if (process.argv[2] === 'serve') {
    const { restartAsServer } = await import('@tandem/command/server-options');
    restartAsServer();
  }
  const { enableCompileCache } = await import('node:module');
  const { fileURLToPath } = await import('node:url');
  const { cacheDirectory } = await import('@tandem/command/cache-directory');
  // Beside the code, where nobody can write who could not change the code as well: what is kept there
  // is run. (Node's own default is a place below /tmp.)
  const beside = fileURLToPath(new URL('../node_modules/.cache/tandem', import.meta.url));
  const cache = process.env.NODE_COMPILE_CACHE ? beside : cacheDirectory(beside, 'tandem');
  if (cache !== undefined) enableCompileCache(cache);
  await import('../src/main.ts');
});
