import type { Report } from '../report/schema/report.ts';
import { CitationError, ratioOf } from './selector.ts';

/** The relation of a ratio found here to one that others published. */
export const agreementWords = [
  'agrees',
  'same way, more',
  'same way, less',
  'no difference here',
  'a difference here',
  'the other way',
] as const;
/** The word for a published ratio beside ours. */
export type AgreementWord = (typeof agreementWords)[number];

/** Up to this factor apart, two ratios of the same direction agree: machines alone differ by as much. */
const factorMax = 1.5;
/** From this factor on, a ratio of too few rounds for an interval counts as a difference. */
const surveyedFactor = 1.4;
/** A published ratio this near to 1 says that there is no difference. */
const equalWithin = 1.1;

/**
 * The word for a published ratio and ours, which `parts` name as a `ratio` does. `>1` and `<1` are
 * published directions without a number.
 *
 * @throws CitationError when the report has no such ratio, or it is not to be cited
 */
export function agreementOf(report: Report, [published = '', ...parts]: readonly string[]): string {
  const direction = /^[<>]1$/.test(published);
  if (!direction && !(Number(published) > 0)) {
    throw new CitationError(`"${published}" is no ratio that was published`);
  }
  const ratio = ratioOf(report, parts);
  if (ratio === undefined) throw new CitationError(`the report has no ratio ${parts.join(' ')}`);
  if (!direction) return agreementWord(Number(published), ratio);
  // With a direction alone, every ratio on its side of 1 agrees.
  const isSame = ratio.value > 1 === (published === '>1');
  return agreementWord(isSame ? ratio.value : 1 / ratio.value, ratio);
}

/** The word for a published ratio and ours, by the verdict on ours. */
export function agreementWord(
  published: number,
  { value, verdict }: Pick<Report['ratios'][number], 'value' | 'verdict'>,
): AgreementWord {
  const isEqual = (ratio: number) => ratio < equalWithin && ratio > 1 / equalWithin;
  const differs =
    verdict === 'not enough runs'
      ? Math.max(value, 1 / value) > surveyedFactor
      : verdict === 'higher' || verdict === 'lower';
  if (isEqual(published)) {
    return !differs || isEqual(value) ? 'agrees' : 'a difference here';
  }
  if (!differs) return 'no difference here';
  if (value > 1 !== published > 1) return 'the other way';
  // Both above 1: how many times as much.
  const times = published > 1 ? value / published : published / value;
  if (times <= factorMax && times >= 1 / factorMax) return 'agrees';
  return times > 1 ? 'same way, more' : 'same way, less';
}
