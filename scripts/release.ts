import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { script } from '../packages/command/src/index.ts';
import { isVersion, released } from './changelog.ts';

// Makes a release of what CHANGELOG.md lists as unreleased: `pnpm release VERSION`.
const root = fileURLToPath(new URL('..', import.meta.url));
const changelogFile = `${root}CHANGELOG.md`;

const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });

const command = script(
  'release',
  'Give what is unreleased in CHANGELOG.md a version and a date, and commit it with a tag.',
)
  .argument('<version>', 'as 1.2.3')
  .parse();
const [version] = command.processedArgs as [string];
if (!isVersion(version)) command.error(`error: "${version}" is no version; write it as 1.2.3`);

function release(): string {
  if (git('status', '--porcelain') !== '') {
    throw new Error('There are changes that are not committed. Commit them first.');
  }
  const manifests = git('ls-files', '*package.json').trim().split('\n');
  const { version: earlier } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    version: string;
  };
  const today = new Date().toISOString().slice(0, 10);
  const changelog = released(readFileSync(changelogFile, 'utf8'), { version, earlier, today });
  writeFileSync(changelogFile, changelog);
  for (const manifest of manifests.map((path) => root + path)) {
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace(`"version": "${earlier}"`, `"version": "${version}"`));
  }
  git('commit', '--quiet', '--all', '--message', `[repo] Release ${version}`);
  git('tag', '--annotate', `v${version}`, '--message', `Tandem ${version}`);
  return `Version ${version} is committed, and tagged v${version}. Publish it with "git push --follow-tags".\n`;
}

try {
  process.stdout.write(release());
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
