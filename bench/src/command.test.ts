import { describeOptions } from '@tandem/command/testing';
import { labCommand } from './command.ts';

const nothing = () => {};
const later = async () => {};

describeOptions(
  () =>
    labCommand({
      run: later,
      wire: later,
      compare: nothing,
      complexity: later,
      render: later,
      citeIn: nothing,
      list: later,
    }),
  { compare: ['A', 'B'], render: ['A'], cite: ['A.md'] },
);
