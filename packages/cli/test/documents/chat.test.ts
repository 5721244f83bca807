import { describeExamples } from './examples.ts';

// The time of an event is when it is run.
describeExamples('docs/CHAT.md', {
  before: {
    'pnpm --silent tandem register alice': async (shell) => {
      await shell.run('pnpm serve --store memory');
    },
  },
  masked: /(?<="time":")[^"]*/g,
});
