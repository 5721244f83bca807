import { describeOptions } from '@tandem/command/testing';
import { soakCommand } from './soak-command.ts';

describeOptions(() => soakCommand(async () => {}));
