// A check of Mermaid diagrams, as far as the documents use Mermaid: sequence diagrams and flowcharts. It
// refuses what it does not know, so that no document uses that by mistake. Mermaid itself would be a package of
// 26 MB for this alone, and it needs a browser.

/** Returns why Mermaid would not draw a diagram, with its line; undefined when it would. */
export function complaintOf(lines: readonly string[]): string | undefined {
  const [first = '', ...rest] = lines;
  const check = /^flowchart (TB|TD|BT|RL|LR)$/.test(first)
    ? checkFlowchart
    : first === 'sequenceDiagram'
      ? new SequenceCheck()
      : undefined;
  if (check === undefined) return `line 1: no diagram of a known kind: ${first}`;
  for (const [at, line] of rest.entries()) {
    const text = line.trim();
    const complaint = text === '' ? undefined : check.take(text);
    if (complaint !== undefined) return `line ${at + 2}: ${complaint}: ${text}`;
  }
  const complaint = check.end();
  return complaint && `at the end: ${complaint}`;
}

interface Check {
  /** Takes the next line; returns a complaint about it. */
  take(line: string): string | undefined;
  end(): string | undefined;
}

const name = '[A-Za-z]\\w*';
const participant = new RegExp(`^(?:participant|actor) (${name})(?: as .+)?$`);
const message = new RegExp(`^(${name})(?:--?>>?|--?[x)])[+-]?(${name}) *: *\\S.*$`);
const note = new RegExp(
  `^Note (?:over (${name})(?:,(${name}))?|(?:left|right) of (${name})): *\\S.*$`,
);
const block = /^(?:rect (?:rgba?\([\d., ]+\)|#?\w+)|(?:loop|alt|opt|par|critical|break) \S.*)$/;
const branch = /^(?:else|and|option)(?: \S.*)?$/;

/** A sequence diagram: its participants are named first, and its blocks end. */
class SequenceCheck implements Check {
  readonly #participants = new Set<string>();
  #open = 0;

  take(line: string): string | undefined {
    // Each ends a text: one a statement, the other begins a comment.
    if (/[;#]/.test(line)) return 'a text with ; or #';
    const [, named] = participant.exec(line) ?? [];
    if (named !== undefined) return this.#name(named);
    if (line === 'autonumber') return undefined;
    if (block.test(line)) this.#open++;
    else if (line === 'end') this.#open--;
    else if (!branch.test(line)) return this.#takeEvent(line);
    else if (this.#open === 0) return 'a branch of no block';
    return this.#open < 0 ? 'an end of no block' : undefined;
  }

  end(): string | undefined {
    return this.#open === 0 ? undefined : 'a block without an end';
  }

  #name(named: string): string | undefined {
    if (this.#participants.has(named)) return 'a participant of the same name';
    this.#participants.add(named);
    return undefined;
  }

  #takeEvent(line: string): string | undefined {
    const [matched, ...names] = message.exec(line) ?? note.exec(line) ?? [];
    if (matched === undefined) return 'nothing that a sequence diagram has';
    // Mermaid would draw another one.
    const unknown = names.find((one) => one !== undefined && !this.#participants.has(one));
    return unknown === undefined ? undefined : `no participant ${unknown}`;
  }
}

// `end` ends a subgraph, and `--` is the beginning of a link.
const node =
  '(?!end\\b)[A-Za-z]\\w*(?:-\\w+)*(?:\\[[^\\[\\](){}"|<>;]+\\]|\\([^\\[\\](){}"|<>;]+\\))?';
const nodes = `${node}(?: & ${node})*`;
const statement = new RegExp(`^${nodes}(?: (?:-->|---|-\\.->|==>)(?:\\|[^|;]+\\|)? ${nodes})*$`);

const checkFlowchart: Check = {
  take: (line) => (statement.test(line) ? undefined : 'nothing that a flowchart has'),
  end: () => undefined,
};
