import { describeOptions } from '@tandem/command/testing';
import { attackCommand } from './attack-command.ts';

describeOptions(() => attackCommand(async () => {}));
