import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// A server that starts again at each change of its sources: `pnpm dev [OPTION OF SERVE…]`.
const root = fileURLToPath(new URL('..', import.meta.url));
const sources = [
  ...readdirSync(`${root}packages`).map((name) => `packages/${name}/src`),
  'protos/src',
  'protos/messageservice.proto',
];
const watched = sources.map((path) => `--watch-path=${root}${path}`);
const tandem = `${root}packages/cli/bin/tandem.js`;

process.stdout.write(
  [
    'The server starts again at each change of its sources, and keeps its accounts.',
    'Chat with it in two other terminals, with "pnpm chat:socket" and "pnpm chat:grpc --host localhost".',
    'Ctrl-C ends it.',
    '',
    '',
  ].join('\n'),
);

// A terminal sends Ctrl-C to the server, too, which then ends by itself.
process.on('SIGINT', () => {});
const server = spawn(
  process.execPath,
  [...watched, '--watch-preserve-output', tandem, 'serve', ...process.argv.slice(2)],
  // As pnpm starts it. The directory in which somebody else does may be gone, and to watch needs one.
  { stdio: 'inherit', cwd: root },
);
process.on('SIGTERM', () => server.kill('SIGTERM'));
const [code] = await once(server, 'exit');
process.exitCode = code ?? 0;
