/**
 * Writes the types of the contract to `src/generated`; with `--check`, says whether they are current.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { script } from '@tandem/command';
import { contractPath, loaderOptions } from '../src/loader.ts';

const require = createRequire(import.meta.url);
const generatedPath = fileURLToPath(new URL('../src/generated/', import.meta.url));

const options = script('generate', 'Write the types of the contract to protos/src/generated.')
  .option('--check', 'write nothing, and say whether they are current')
  .parse()
  .opts<{ readonly check?: true }>();

if (options.check) check();
else write();

function write(): void {
  rmSync(generatedPath, { recursive: true, force: true });
  mkdirSync(generatedPath);
  for (const [name, text] of generate()) writeFileSync(join(generatedPath, name), text);
}

function check(): void {
  const wanted = generate();
  const found = new Map(
    readdirSync(generatedPath).map((name) => [
      name,
      readFileSync(join(generatedPath, name), 'utf8'),
    ]),
  );
  const stale = [...new Set([...wanted.keys(), ...found.keys()])]
    .filter((name) => wanted.get(name) !== found.get(name))
    .sort();
  if (stale.length === 0) return;
  console.error(
    `protos/src/generated is not what messageservice.proto gives: ${stale.join(', ')}.\n` +
      'Run `pnpm generate` and commit what it changes.',
  );
  process.exitCode = 1;
}

/** The generated files, by name. */
function generate(): Map<string, string> {
  const output = mkdtempSync(join(tmpdir(), 'tandem-protos-'));
  try {
    execFileSync(
      process.execPath,
      [
        require.resolve('@grpc/proto-loader/build/bin/proto-loader-gen-types.js'),
        ...loaderFlags(),
        '--grpcLib=@grpc/grpc-js',
        '--importFileExtension=.ts',
        '--includeDirs=.',
        `--outDir=${output}`,
        basename(contractPath),
      ],
      // The files name the contract as it is found from here: without a folder.
      { cwd: dirname(contractPath) },
    );
    // The root type, messageservice.ts, is the service's file once more to a file system that does
    // not tell upper from lower case. Nothing here needs it.
    rmSync(join(output, `${basename(contractPath, '.proto')}.ts`));
    return new Map(
      readdirSync(output).map((name) => [name, tidy(readFileSync(join(output, name), 'utf8'))]),
    );
  } finally {
    rmSync(output, { recursive: true });
  }
}

/** The loader's options, as the generator takes them. */
function loaderFlags(): string[] {
  return Object.entries(loaderOptions).map(
    ([name, value]) => `--${name}=${typeof value === 'function' ? value.name : value}`,
  );
}

/** Without space at the ends of lines, which the generator leaves behind empty comment lines. */
function tidy(text: string): string {
  return text.replace(/[ \t]+$/gm, '');
}
