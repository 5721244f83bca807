import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Recording } from '../bytes/index.ts';
import { renderWirePage } from '../bytes/page/page.ts';
import { writeWhole } from '../write-whole.ts';
import { renderCsv } from './csv.ts';
import { renderHtml } from './html/page.ts';
import { renderMarkdown } from './markdown/markdown.ts';
import { type Report, reportSchema } from './schema/report.ts';

/** The name of a report within its directory. */
export const reportFile = 'report.json';

/** The files that are written if they are asked for. */
interface WriteReportOptions {
  readonly csv?: boolean;
  readonly recordings?: readonly Recording[];
}

/**
 * Writes `report.json`, `report.md` and `report.html` into a directory, which is made if need be,
 * `report.csv` if that is asked for, and `wire.html` if bytes were recorded.
 * Each file is whole or not there, whatever happens meanwhile ({@link writeWhole}). `report.json` is last,
 * so that whoever finds it finds all three; it is written even if another cannot be, since what was measured
 * is in it alone.
 *
 * @throws Error when the report does not have its own schema's shape, or a file cannot be written
 */
export async function writeReport(
  report: Report,
  directory: string,
  { csv = false, recordings = [] }: WriteReportOptions = {},
): Promise<void> {
  const checked = reportSchema.parse(report);
  const pages = [
    ['report.md', renderMarkdown],
    ['report.html', renderHtml],
    ...(csv ? [['report.csv', renderCsv] as const] : []),
    ...(recordings.length > 0 ? [['wire.html', () => renderWirePage(recordings)] as const] : []),
  ] as const;
  await mkdir(directory, { recursive: true });
  const written = await Promise.allSettled(
    pages.map(async ([name, render]) => writeWhole(join(directory, name), render(checked))),
  );
  await writeWhole(join(directory, reportFile), `${JSON.stringify(checked, null, 1)}\n`);
  for (const one of written) if (one.status === 'rejected') throw one.reason;
}

/** Writes the page that shows every byte. */
export async function writeWirePage(recordings: readonly Recording[], path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, renderWirePage(recordings));
}
