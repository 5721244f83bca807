import { Listr, ListrLogger, ProcessOutput } from 'listr2';

/** A step of a run, with the name under which it is shown. */
export interface Step {
  readonly title: string;
  /** @param say shows the progress of the step; on a terminal the line replaces the one before */
  work(say: (text: string) => void): Promise<void>;
}

/** True when progress is shown in place, so it may be shown often. */
export const inPlace: boolean = process.stderr.isTTY === true;

// The mark and the indentation before the lines of a step; its other lines, and those of other steps.
const marginColumns = 6;
const marginRows = 8;

/** Returns the room for more lines of a step, on a terminal: what is higher could not be drawn over. */
export function roomInPlace(): { readonly columns: number; readonly rows: number } {
  const { columns = 80, rows = 24 } = process.stderr;
  return { columns: Math.max(columns - marginColumns, 40), rows: Math.max(rows - marginRows, 2) };
}

/**
 * Runs the steps one after the other and shows their progress on standard error: in place on a
 * terminal, line by line elsewhere. A step that rejects ends them, with its error.
 */
export async function takeSteps(steps: readonly Step[]): Promise<void> {
  const tasks = steps.map(({ title, work }) => ({
    title,
    task: (_: unknown, task: { output: string }) =>
      work((text) => {
        task.output = text;
      }),
  }));
  // Standard output is for the report.
  const processOutput = new ProcessOutput(process.stderr, process.stderr);
  const logger = new ListrLogger<never>({ processOutput, useIcons: true });
  await new Listr(tasks, {
    fallbackRenderer: 'simple',
    fallbackRendererCondition: !inPlace,
    // It is drawn only at a change, since a spinner would draw ten times a second during a measurement.
    rendererOptions: { lazy: true, logger },
    fallbackRendererOptions: { logger },
    registerSignalListeners: false,
  }).run();
}
