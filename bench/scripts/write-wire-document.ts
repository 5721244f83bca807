// Records the operations on three lanes, and writes their bytes into docs/WIRE.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { script } from '@tandem/command';
import { recordWire } from '../src/bytes/index.ts';
import { documentBlocks, documentLanes, withBlocks } from '../src/bytes/show/document.ts';

script('wire:document', 'Write the bytes in docs/WIRE.md anew.').parse();
const path = new URL('../../docs/WIRE.md', import.meta.url);
const { ledger, recordings } = await recordWire({ lanes: documentLanes, tls: false });
writeFileSync(path, withBlocks(readFileSync(path, 'utf8'), documentBlocks(ledger, recordings)));
