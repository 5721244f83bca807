import { describeExamples } from './examples.ts';

describeExamples('CONTRIBUTING.md', {
  skipped: {
    'pnpm test': 'is what runs this',
    'pnpm test:unit': 'is a part of what runs this',
    'pnpm test:long': 'takes minutes, and CI runs it',
    'pnpm exec vitest run packages/core': 'is a part of what runs this',
    'pnpm exec vitest packages/core/src/client/inbox.test.ts': 'goes on until somebody ends it',
    'pnpm check': 'runs what runs this',
    'pnpm fix': 'changes files',
    'pnpm dev': 'goes on until somebody ends it',
  },
});
