import { kernelWords, roundsWords } from '../../words/places.ts';
import type { PageContext } from '../context.ts';
import { html, type Markup } from '../markup.ts';

/** What this is, of which machine, and whether its figures may be cited. */
export function masthead({ report }: PageContext): Markup {
  const { cpu, cores, kernel, runtime, virtualisation } = report.fingerprint;
  const { rounds, roundsDone, measureMs } = report.options;
  const machine = `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${virtualisation}, ${kernelWords(kernel)}, ${runtime}`;
  const plan = `${report.preset} run, ${roundsWords(report)}, each run ${measureMs.toLocaleString('en')} ms or more in fresh processes`;
  return html`
<header>
<p class="kicker">Tandem, one chat service over two wires</p>
<h1>${report.title}</h1>
<p class="machine">${machine}<br>${plan}<br><time datetime="${report.startedAt}">${moment(report.startedAt)}</time></p>
${citableBanner(report)}
${!report.complete && html`<p class="banner warns"><strong>PARTIAL</strong> This run was ended before its plan: ${roundsDone} of ${rounds} rounds are whole. What was measured by then stands.</p>`}
${disagreements(report.agreement)}
</header>`;
}

function citableBanner({ citable, notCitableBecause }: PageContext['report']): Markup {
  if (citable) {
    return html`<p class="banner"><strong>CITABLE</strong> Whole, with enough rounds, from a known state of the code.</p>`;
  }
  const reasons = notCitableBecause.map((reason) => html`<li>${reason}</li>`);
  return html`<div class="banner warns"><strong>NOT CITABLE</strong><ul>${reasons}</ul></div>`;
}

function disagreements({ lanes }: PageContext['report']['agreement']): Markup[] {
  return lanes
    .filter(({ agrees }) => !agrees)
    .map(
      ({ lane, difference }) =>
        html`<p class="banner warns"><strong>NOT THE SAME</strong> ${lane} does not answer the op suite as the others do: ${difference}</p>`,
    );
}

function moment(time: string): string {
  return time.replace('T', ' ').replace(/(:\d\d)(?:\.\d+)?Z$/, '$1 UTC');
}
