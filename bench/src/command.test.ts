import { describeOptions } from '@tandem/command/testing';
import { labCommand } from './command.ts';

const later = async () => {};

describeOptions(
  () =>
    labCommand({
      run: later,
      seed: later,
      load: later,
      wire: later,
      compare: later,
      combine: later,
      complexity: later,
      render: later,
      citeIn: later,
      list: later,
    }),
  {
    load: ['127.0.0.1:22067'],
    seed: ['A'],
    compare: ['A', 'B'],
    combine: ['A', 'B'],
    render: ['A'],
    cite: ['A.md'],
  },
);
