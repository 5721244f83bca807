import { describeOptions } from '@tandem/command/testing';
import { tandemCommand } from './tandem-command.ts';

const nothing = async () => {};

describeOptions(
  () =>
    tandemCommand({
      serve: nothing,
      chat: nothing,
      demo: nothing,
      backUp: nothing,
      restore: nothing,
      check: nothing,
    }),
  { backup: ['file'], restore: ['file'], chat: ['--transport', 'grpc'] },
);
