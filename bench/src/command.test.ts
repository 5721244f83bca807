import { describeOptions } from '@tandem/command/testing';
import { labCommand } from './command.ts';

const nothing = () => {};
const later = async () => {};

describeOptions(
  () =>
    labCommand({
      run: later,
      seed: async () => {},
      load: later,
      wire: later,
      compare: nothing,
      combine: nothing,
      complexity: later,
      render: later,
      citeIn: nothing,
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
