import { contenderWords } from './contenders.ts';
import { isDisturbed } from './disturbance.ts';
import type { Report } from './report.ts';
import type { Sentence } from './verdict-phrase.ts';
import { cellNames } from './verdict-steady.ts';

/**
 * Says which cells of the lanes that the verdict is about were disturbed in at least half of their runs;
 * nothing when there are none, or when it is not known.
 */
export function disturbedSentences({ cells }: Report): Sentence[] {
  const ofThese = cells.filter(({ lane }) => lane in contenderWords);
  const disturbed = ofThese.filter(isDisturbed);
  const [first] = disturbed;
  if (first === undefined) return [];
  const text =
    `disturbed by other programs, in at least half of the runs: ${disturbed.length} of ${ofThese.length} cells of ` +
    `these lanes (${cellNames(disturbed)}). Their figures are not to be cited.`;
  const { scenario, lane, placement } = first;
  const source = { scenario, metric: 'disturbed', placement, lane, baseline: lane };
  return [{ topic: 'disturbance', text, source }];
}
