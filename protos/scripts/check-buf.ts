/**
 * Lints the contract, and looks for changes that break the client of 2023 or the last version.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { script } from '@tandem/command';
import { contractPath } from '../src/loader.ts';
import { breakingChanges, runBuf } from './breaking.ts';
import { earlierContract } from './earlier-contract.ts';

script(
  'check-buf',
  'Lint the contract, and look for changes that break its last version or the client of 2023.',
).parse();

const directory = fileURLToPath(new URL('..', import.meta.url));
const ours = readFileSync(contractPath, 'utf8');

report('buf lint', runBuf(directory, ['lint']));
report(
  'buf breaking, against the contract of 2023',
  breakingChanges({
    ours,
    before: readFileSync(new URL('../compatibility/2023.proto', import.meta.url), 'utf8'),
    // 2023 wrote statusCode, we write status_code: neither the wire nor the JSON has that name.
    except: ['FIELD_SAME_NAME'],
  }),
);
const earlier = earlierContract(directory, ours);
if (earlier === undefined) {
  console.log('buf breaking: no earlier version here to compare with');
} else {
  report(
    `buf breaking, against the version of ${earlier.commit.slice(0, 12)}`,
    breakingChanges({ ours, before: earlier.text }),
  );
}

function report(what: string, findings: readonly string[]): void {
  console.log(`${what}: ${findings.length === 0 ? 'nothing found' : `${findings.length} found`}`);
  for (const finding of findings) console.error(`  ${finding}`);
  if (findings.length > 0) process.exitCode = 1;
}
