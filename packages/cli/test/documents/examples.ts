import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Block, blocksOf, commandsOf, readDocument } from './document.ts';
import { DocumentShell } from './shell.ts';

/** The options for running the examples of one document. */
export interface ExampleOptions {
  /** Commands, or first lines of blocks, that are not run; and why. */
  readonly skipped?: Readonly<Record<string, string>>;
  /** Actions that the document's text asks for before a command, by the beginning of the command. */
  readonly before?: Readonly<Record<string, (shell: DocumentShell) => Promise<void>>>;
  /** The parts of a session's output that may differ from run to run. */
  readonly masked?: RegExp;
  /** Functions that play blocks that are no shell, by their language or the beginning of their first line. */
  readonly played?: Readonly<Record<string, (block: Block, shell: DocumentShell) => Promise<void>>>;
}

/**
 * Runs every fenced block of a document, in the order in which they stand, in one shell. A block that
 * cannot be run and is not named in the options is a failure: an example that nobody tries goes stale.
 */
export function describeExamples(path: string, options: ExampleOptions): void {
  const { skipped = {}, played = {} } = options;
  const document = readDocument(path);
  const blocks = blocksOf(document);

  describe(`the examples of ${path}, in their order`, () => {
    let shell: DocumentShell;
    beforeAll(() => {
      shell = new DocumentShell();
    });
    afterAll(() => shell.close());

    for (const block of blocks) {
      const [first = ''] = block.lines;
      const name = `line ${block.at}: ${first}`;
      const play =
        played[block.language] ??
        Object.entries(played).find(([key]) => first.startsWith(key))?.[1];
      if (first in skipped) it.skip(`${name} (${skipped[first]})`, () => {});
      else if (play !== undefined) it(name, () => play(block, shell));
      else if (block.language === 'sh') runCommands(block, name, options, () => shell);
      else if (block.language === 'console') it(name, () => expectSession(block, options, shell));
      else it(name, () => expect.fail(`nothing says how a block of ${block.language} is run`));
    }

    it('leaves out only what there is', () => {
      for (const text of Object.keys(skipped)) expect(document).toContain(text);
    });
  });
}

function runCommands(
  block: Block,
  name: string,
  { skipped = {}, before = {} }: ExampleOptions,
  shell: () => DocumentShell,
): void {
  for (const command of commandsOf(block)) {
    const told = `${name.split(':')[0]}: ${command}`;
    if (command in skipped) {
      it.skip(`${told} (${skipped[command]})`, () => {});
      continue;
    }
    it(told, async () => {
      await prepareFor(command, before, shell());
      const { code, output, errorOutput } = await shell().run(command);
      expect(code, `${output}${errorOutput}`).toBe(0);
    });
  }
}

async function prepareFor(
  command: string,
  before: NonNullable<ExampleOptions['before']>,
  shell: DocumentShell,
): Promise<void> {
  for (const [beginning, prepare] of Object.entries(before)) {
    if (command.startsWith(beginning)) await prepare(shell);
  }
}

/** Runs what stands behind each `$`, and expects what stands below it. */
async function expectSession(
  { lines }: Block,
  { before = {}, masked = /$^/g }: ExampleOptions,
  shell: DocumentShell,
): Promise<void> {
  let expected: string[] = [];
  let output = '';
  const compare = () => {
    const documented = expected.map((line) => `${shell.here(line)}\n`).join('');
    expect(output.replace(masked, '')).toBe(documented.replace(masked, ''));
  };
  for (const line of lines) {
    if (!line.startsWith('$ ')) {
      expected.push(line);
      continue;
    }
    compare();
    expected = [];
    await prepareFor(line.slice(2), before, shell);
    ({ output } = await shell.run(line.slice(2)));
  }
  compare();
}
