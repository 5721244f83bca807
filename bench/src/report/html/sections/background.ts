import type { PageContext, Section } from '../context.ts';
import { html, prose } from '../markup.ts';

/** What nobody should conclude from this. */
export function notShownSection({ report }: PageContext): Section {
  const body = html`<ul>${report.notShown.map((text) => html`<li>${prose(text)}</li>`)}</ul>`;
  return { id: 'not-shown', title: 'What this does not show', body };
}

/** Families that a page has a section for, by what they ask. */
const families: Readonly<Record<string, string>> = {
  'set-up': 'set-up of a connection',
  'op-suite': 'the op suite',
  registers: '100 registers',
  latency: 'latency',
  throughput: 'throughput against depth',
  'open-loop': 'latency under a fixed arrival rate',
  delivery: 'delivery',
  'fan-out': 'one sender to many',
  body: 'body size',
  sends: 'sends of many connections',
  idle: 'idle connections',
  'search-million': 'search over a million users',
  'round-trip': 'round-trip time',
  'start-up': 'start of the command',
};

const commands = {
  quick: 'pnpm bench:quick',
  core: 'pnpm bench',
  full: 'pnpm bench:full',
  long: 'pnpm bench --preset long',
} as const;

/** How to get it again, and what this run was not asked. */
export function againSection({ report }: PageContext): Section {
  const { commit, dirty } = report.fingerprint;
  const asked = new Set(report.scenarios.map(({ family }) => family));
  const notAsked = [
    ...Object.entries(families).flatMap(([family, what]) => (asked.has(family) ? [] : [what])),
    ...(report.wire === null ? ['the bytes on the wire'] : []),
    ...(report.complexity === null ? ['size and branching of the code'] : []),
  ];
  const body = html`
<p>At commit <code>${commit}</code>${dirty && ', with changes that no commit has'}:</p>
<pre><code>${commandOf(report)}</code></pre>
<p>Raw samples of every run are in <code>report.json</code> beside this page. ${notAsked.length > 0 && `This run was not asked about: ${notAsked.join(', ')}. A long run (pnpm bench --preset long) is.`}</p>`;
  return { id: 'again', title: 'How to get it again', body };
}

function commandOf({ preset, options }: PageContext['report']): string {
  if (preset !== 'custom') return commands[preset];
  const { lanes, scenarios, placements, rounds } = options;
  return [
    'pnpm bench',
    `--lanes ${lanes.join(',')}`,
    `--scenarios ${scenarios.join(',')}`,
    ...placements.map((placement) => `--placement ${placement}`),
    `--rounds ${rounds}`,
  ].join(' \\\n  ');
}
