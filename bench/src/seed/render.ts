import { counted } from '@tandem/command';
import { formatRatioWithInterval, formatValue } from '../report/words/format.ts';
import { findScenario } from '../scenarios/index.ts';
import { median } from '../statistics/index.ts';
import { penFor } from '../terminal/pen.ts';
import { renderTable } from '../terminal/table.ts';
import type { SeedReport, SeedResult } from './report.ts';

/** The measurement for a terminal: a table for each transport. */
export function renderSeed(report: SeedReport): string {
  const { width, wrap } = penFor();
  const { rounds, measureMs, runs, disturbedRuns, program, placement } = report;
  const shortened = measureMs === undefined ? '' : `, each of ${measureMs} ms`;
  const transports = [...new Set(report.results.map(({ transport }) => transport))];
  const tables = transports.flatMap((transport) => {
    const rows = report.results.filter((result) => result.transport === transport).map(rowOf);
    const head = ['', 'program of 2023', 'ours', 'theirs to ours', 'server CPU, theirs', 'ours'];
    return [`${transport === 'grpc' ? 'gRPC, unary calls' : 'sockets'}`, ''].concat(
      renderTable({ title: transport, head, rows }, width, 30),
    );
  });
  const disturbed =
    disturbedRuns === 0
      ? []
      : [
          wrap(
            '',
            `Other programs kept the machine busy beside ${disturbedRuns} of ${runs} runs: close them and measure again before you cite this.`,
          ),
        ];
  return [
    ...disturbed,
    ...tables,
    wrap(
      '',
      `The same client for both servers, ${counted(rounds, 'round')} of fresh processes${shortened}, ${placement}; the median of the rounds. The ratio is taken within each round; above 1 the program of 2023 has the larger figure. CPU is for each operation, of all threads. The program of 2023 is at commit ${program}.`,
    ),
    '',
  ].join('\n');
}

function rowOf({ scenario, unit, theirs, ours, ratio }: SeedResult): string[] {
  return [
    findScenario(scenario).title,
    formatValue(theirs.median, unit),
    formatValue(ours.median, unit),
    formatRatioWithInterval(ratio.value, ratio.ci95),
    formatValue(median(theirs.serverCpuUs), 'us'),
    formatValue(median(ours.serverCpuUs), 'us'),
  ];
}
