import { disturbedRuns, notCitable } from '../analysis/fitness.ts';
import type { Report } from '../schema/report.ts';
import { formatCount } from './format.ts';

/** One thing to be known of a run before anything of it is read. */
export interface Finding {
  readonly mark: string;
  readonly text: string;
  readonly warns: boolean;
}

/**
 * Says the state of a run, the worst first: whether its lanes do the same, whether it is whole, whether
 * its figures may be cited, and if not all of them may, how many may not and why. There is always one.
 */
export function stateOf(report: Report): Finding[] {
  const { agreement, complete, options } = report;
  const odd = agreement.lanes.filter(({ agrees }) => !agrees);
  return [
    ...odd.map(({ lane, difference }) =>
      warning(
        'NOT THE SAME',
        `${lane} does not answer the op suite as the others do: ${difference}`,
      ),
    ),
    ...(complete
      ? []
      : [
          warning(
            'PARTIAL',
            `This run ended before its plan: ${options.roundsDone} of ${options.rounds} rounds are complete. The report has what was measured until then.`,
          ),
        ]),
    citability(report),
  ];
}

function citability(report: Report): Finding {
  const { cells, citable, notCitableBecause } = report;
  const unfit = cells.filter((cell) => notCitable(cell).length > 0);
  const most = cells.length > 0 && unfit.length * 2 >= cells.length;
  const reasons = [
    ...notCitableBecause,
    ...(most ? [`${disturbedWords(report)}${unfitWords(report)}`] : []),
  ];
  if (!citable || most) return warning('NOT CITABLE', `${reasons.join('; ')}.`);
  if (unfit.length > 0) {
    return warning(
      'CITABLE IN PART',
      `${disturbedWords(report)}${unfitWords(report)}; the others may be cited.`,
    );
  }
  const calm = report.calm === undefined ? '' : 'on a calm machine, ';
  const text = `The run is complete, with enough rounds, ${calm}from a known state of the code.`;
  return { mark: 'CITABLE', text, warns: false };
}

/** Of how many cells the figures are not to be cited, and for which reasons. */
function unfitWords(report: Report): string {
  const { cells } = report;
  const reasons = cells.flatMap((cell) => {
    const because = notCitable(cell);
    return because.length === 0 ? [] : [cell.valid ? (because[0] ?? '') : 'they are not valid'];
  });
  const parts = [...Map.groupBy(reasons, (reason) => reason)].map(
    ([reason, group]) => `${formatCount(group.length)} because ${reason}`,
  );
  return `the figures of ${formatCount(reasons.length)} of ${formatCount(cells.length)} cells are marked and not to be cited (${parts.join('; ')})`;
}

function disturbedWords({ cells }: Report): string {
  const disturbed = cells.reduce((sum, cell) => sum + disturbedRuns(cell), 0);
  const runs = cells.reduce((sum, cell) => sum + cell.runs.length, 0);
  return disturbed === 0
    ? ''
    : `other programs disturbed ${formatCount(disturbed)} of ${formatCount(runs)} runs, and `;
}

function warning(mark: string, text: string): Finding {
  return { mark, text, warns: true };
}
