import type { Violation } from '../check/violation.ts';
import type { FaultEvent } from '../history/event.ts';
import type { History, Operation, Taking } from '../history/history.ts';

/** A line of a history, and its time. */
interface Line {
  readonly atMs: number;
  readonly text: string;
}

/**
 * Renders a violation in words, and under it the smallest history that shows it, in the order of time: the
 * requests, responses and messages, and the faults of the server in between.
 */
export function renderViolation(violation: Violation, history: History): string {
  const lines = [
    ...violation.operations.flatMap(operationLines),
    ...violation.takings.map(takingLine),
  ];
  const times = lines.map(({ atMs }) => atMs);
  const [from, through] = [Math.min(...times), Math.max(...times)];
  const meanwhile = history.faults.filter(
    (fault) => concernsServer(fault) && fault.atMs > from && fault.atMs < through,
  );
  const all = [...lines, ...meanwhile.map(faultLine)].sort((a, b) => a.atMs - b.atMs);
  const rows = all.map(
    ({ atMs, text }) => `${(atMs - from).toFixed(1).padStart(10)} ms  ${text}\n`,
  );
  return `${violation.rule}: ${violation.what}\n${rows.join('')}`;
}

function operationLines(operation: Operation): Line[] {
  const { id, name, transport, user, to, message, startMs, endMs, status, unread } = operation;
  const object = message === undefined ? user : `${user} to ${to}: ${message}`;
  const asked = { atMs: startMs, text: `${id}  ${transport} ${name} ${object}` };
  if (status === undefined) return [{ ...asked, text: `${asked.text}, never answered` }];
  const count = unread === undefined ? '' : `, ${unread} unread`;
  return [asked, { atMs: endMs, text: `${id}  answered ${status}${count}` }];
}

function takingLine({ atMs, user, session, sender, message }: Taking): Line {
  return { atMs, text: `${user} took ${message} of ${sender}, in the session of ${session}` };
}

function faultLine({ atMs, fault, detail }: FaultEvent): Line {
  return { atMs, text: `-- ${fault} ${detail}`.trimEnd() };
}

function concernsServer({ fault }: FaultEvent): boolean {
  return /server|disk|node|database/.test(fault);
}
