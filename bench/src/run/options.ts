import { NumberOption, TextOption } from '@tandem/command';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { placementNames } from '../rig/machine/placement.ts';
import { presets } from './presets.ts';
import { settingRanges } from './setting-ranges.ts';

/** Adds the options of a run to a command. */
export function addRunOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--preset <preset>', 'what to measure, and how long').choices(
        Object.keys(presets),
      ),
    )
    .addOption(listOption('--lanes <names>', 'only these lanes, with commas between'))
    .addOption(
      listOption('--scenarios <names>', 'only these scenarios or families, with commas between'),
    )
    .addOption(
      listOption(
        '--placement <names>',
        `where the two processes run: ${placementNames.join(', ')}; with commas between`,
      ),
    )
    .addOption(
      new NumberOption(
        '--rounds <count>',
        'exactly this many rounds: fresh processes for each cell',
        settingRanges.rounds,
      ),
    )
    .addOption(
      new NumberOption(
        '--minutes <minutes>',
        'add rounds until the run has taken this long, where intervals are widest',
        settingRanges.minutes,
      ),
    )
    .addOption(
      new NumberOption(
        '--half-width <percent>',
        'add rounds until the main ratios are known within this (5)',
        settingRanges.halfWidth,
      ),
    )
    .addOption(
      new NumberOption(
        '--measure-ms <ms>',
        'the time that each run measures, exactly',
        settingRanges.measureMs,
      ),
    )
    .addOption(
      new NumberOption(
        '--warm-up-operations <count>',
        'the fewest operations of a warm-up',
        settingRanges.warmUpOperations,
      ),
    )
    .addOption(
      new NumberOption(
        '--warm-up-ms <ms>',
        'the longest wait after them until the run is steady',
        settingRanges.warmUpMs,
      ),
    )
    .addOption(
      new NumberOption(
        '--seed <number>',
        'the start of the random numbers: of arrivals',
        settingRanges.seed,
      ),
    )
    .option('--no-wire', 'leave the wire ledger out')
    .addOption(
      new TextOption(
        '--out <directory>',
        'where report.json, report.md and report.html go',
        'a directory',
      ),
    )
    .addOption(
      new TextOption(
        '--config <file>',
        'these settings from a JSON file; options on the line win',
        'a file',
      ),
    );
}

/** An option that takes names with commas between. */
export function listOption(flags: string, description: string): Option {
  return new TextOption(flags, description, 'names with commas between', list);
}

function list(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('It takes names with commas between.');
  return names;
}
