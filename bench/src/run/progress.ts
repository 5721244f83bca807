import { Listr, ListrLogger, ProcessOutput } from 'listr2';

/** A step of a run, with the name under which it is shown. */
export interface Step {
  readonly title: string;
  /** @param say tells where the step is; a line that replaces the one before on a terminal */
  work(say: (text: string) => void): Promise<void>;
}

/** True when progress is shown in place, so that it may be said often. */
export const inPlace: boolean = process.stderr.isTTY === true;

/**
 * Takes the steps one after the other and shows on standard error where they are: in place on a
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
  // Standard output is the report's.
  const processOutput = new ProcessOutput(process.stderr, process.stderr);
  const logger = new ListrLogger<never>({ processOutput, useIcons: true });
  await new Listr(tasks, {
    fallbackRenderer: 'simple',
    fallbackRendererCondition: !inPlace,
    // Drawn when something changes: a spinner would draw ten times a second beside what is measured.
    rendererOptions: { lazy: true, logger },
    fallbackRendererOptions: { logger },
    registerSignalListeners: false,
  }).run();
}
