import { formatValue } from '../../format.ts';
import type { PageContext, Section } from '../context.ts';
import { html, prose } from '../markup.ts';
import { plainTable } from '../table.ts';

/** Every setting that could tilt a comparison; lanes that have it alike stand together. */
export function fairnessSection({ report: { lanes } }: PageContext): Section {
  const settings = [...new Set(lanes.flatMap((lane) => Object.keys(lane.settings)))];
  const rows = settings.flatMap((setting) => {
    const groups = [...Map.groupBy(lanes, (lane) => lane.settings[setting] ?? '-')];
    return groups.map(([text, alike], at) => [
      at === 0 ? inWords(setting) : '',
      prose(text),
      alike.length === lanes.length ? 'all lanes' : alike.map(({ title }) => title).join('; '),
    ]);
  });
  const described = lanes.map(({ title, kind, description }) => [title, kind, prose(description)]);
  const body = html`
<p>Every setting that could tilt a comparison; lanes that have it alike stand together.</p>
${plainTable('The fairness ledger', ['setting', 'value', 'lanes'], rows, 'words')}
<details><summary>What each lane is</summary>${plainTable('The lanes', ['lane', 'kind', 'what one operation goes through'], described, 'words')}</details>`;
  return { id: 'fairness', title: 'The fairness ledger', body };
}

/** Machine, kernel, runtime, versions, and where the processes ran. */
export function machineSection({ report }: PageContext): Section {
  const { dependencies, loadAverage, memoryBytes, dirty, ...rest } = report.fingerprint;
  const rows = [
    ...Object.entries(rest).map(([name, value]) => [inWords(name), `${value}`]),
    ['changes beyond the commit', dirty ? 'yes' : 'none'],
    ['memory', formatValue(memoryBytes, 'bytes')],
    ['load average', loadAverage.join(', ')],
    ...Object.entries(dependencies),
    ...report.placements.map(({ name, description }) => [name, description]),
    ['started, finished', `${report.startedAt}, ${report.finishedAt}`],
  ];
  const body = plainTable('The fingerprint', ['what', 'here'], rows, 'words');
  return { id: 'machine', title: 'The machine, and what ran on it', body };
}

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
<p>Raw samples of every run are in <code>report.json</code> beside this page. ${notAsked.length > 0 && `This run was not asked about: ${notAsked.join(', ')}. A full run (pnpm bench:full) is.`}</p>`;
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

/** `noDelay` is `no delay`. */
function inWords(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
