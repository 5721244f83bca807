import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { chatCommand } from '../../src/chat/chat-command.ts';
import { settingsFile } from '../../src/chat/connection-option.ts';
import { applySettingsFile } from '../../src/chat/settings-file.ts';
import { newDirectory } from '../data-directory.ts';
import type { Block } from './document.ts';
import { describeExamples } from './examples.ts';

/** Takes a file of settings as a chat does, which would end this process if it were wrong. */
async function isTaken({ lines }: Block): Promise<void> {
  const file = settingsFile({ XDG_CONFIG_HOME: newDirectory() });
  mkdirSync(dirname(file));
  writeFileSync(file, lines.join('\n'));
  onTestFinished(() => void vi.restoreAllMocks());
  vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('the settings were refused');
  });
  applySettingsFile(
    chatCommand(async () => {}),
    file,
  );
}

// The time of an event is when it is run.
describeExamples('docs/CHAT.md', {
  before: {
    'pnpm --silent tandem register alice': async (shell) => {
      await shell.run('pnpm serve --store memory');
    },
  },
  played: { json: isTaken },
  masked: /(?<="time":")[^"]*/g,
});
