// Records the operations on three lanes, and writes their bytes into docs/WIRE.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { recordWire } from '../src/bytes/index.ts';
import { documentBlocks, documentLanes, withBlocks } from '../src/bytes/show/document.ts';

const path = new URL('../../docs/WIRE.md', import.meta.url);
const { ledger, recordings } = await recordWire({ lanes: documentLanes, tls: false });
writeFileSync(path, withBlocks(readFileSync(path, 'utf8'), documentBlocks(ledger, recordings)));
