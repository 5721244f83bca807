import { kernelWords, roundsWords } from '../../words/places.ts';
import { stateOf } from '../../words/state.ts';
import type { PageContext } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { linked } from '../terms.ts';

/** The state of the run above everything, then what this is and of which machine. */
export function masthead({ report }: PageContext): Markup {
  const { cpu, cores, kernel, runtime, virtualisation } = report.fingerprint;
  const { measureMs } = report.options;
  const machine = `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${virtualisation}, ${kernelWords(kernel)}, ${runtime}`;
  const plan = `${report.preset} run, ${roundsWords(report)}, each run ${measureMs.toLocaleString('en')} ms or more in fresh processes`;
  const state = stateOf(report).map(
    ({ mark, text, warns }) =>
      html`<p class="banner${warns && ' warns'}"><strong>${mark}</strong> ${linked(text)}</p>`,
  );
  return html`
<header>
${state}
<p class="kicker">Tandem, one chat service over two wires</p>
<h1>${report.title}</h1>
<p class="machine">${machine}<br>${plan}<br><time datetime="${report.startedAt}">${moment(report.startedAt)}</time></p>
</header>`;
}

function moment(time: string): string {
  return time.replace('T', ' ').replace(/(:\d\d)(?:\.\d+)?Z$/, '$1 UTC');
}
