// A process that measures the time of work that tells machines apart on its core, or the partner of one that
// does: `probe-process.ts all|switch|echo TO-ECHO FROM-ECHO`, two
// named pipes. It is short: its figures tell machines apart and are not for reports.
import { openSync, readSync, writeSync } from 'node:fs';
import { medianUs } from './calibration.ts';

const [role = '', to = '', from = ''] = process.argv.slice(2);
const byte = Buffer.alloc(1);

const entriesOfTurn = 50;
// Their code is larger than a first-level cache, and the memory that they read larger than a last-level one.
const functionCount = 400;
const evictingBytes = 64 << 20;
const lineBytes = 64;

if (role === 'echo') echo();
else process.stdout.write(JSON.stringify(measure(role === 'all')));

function echo(): void {
  const [input, output] = [openSync(to, 'r'), openSync(from, 'w')];
  while (readSync(input, byte) === 1) writeSync(output, byte);
}

function measure(all: boolean) {
  const [output, input] = [openSync(to, 'w'), openSync(from, 'r')];
  const pingPong = () => {
    writeSync(output, byte);
    readSync(input, byte);
  };
  const switchUs = medianUs(300, 1_000, pingPong) / 2;
  if (!all) return { switchUs };
  const enter = () => {
    for (let i = 0; i < entriesOfTurn; i++) process.getuid?.();
  };
  const kernelEntryUs = medianUs(100, 100, enter) / entriesOfTurn;
  return { switchUs, kernelEntryUs, ...measureCode() };
}

function measureCode() {
  const functions = Array.from({ length: functionCount }, (_, i) => distinctFunction(i));
  const memory = new Uint8Array(evictingBytes);
  let sum = 0;
  const all = () => {
    for (const each of functions) sum = each(sum);
  };
  const warmCodeUs = medianUs(1_000, 100, all);
  const coldCodeUs = medianUs(2, 15, all, () => {
    for (let at = 0; at < memory.length; at += lineBytes) memory[at] = (memory[at] ?? 0) + 1;
  });
  return { warmCodeUs, coldCodeUs };
}

/** Makes a function with code of its own. */
function distinctFunction(i: number): (x: number) => number {
  const steps = Array.from({ length: 12 }, (_, step) => {
    const [a, b] = [(i * 31 + step * 7) % 1_009, (i + step) % 13];
    return `x = (Math.imul(x ^ ${a}, ${2 * a + 1}) + ${step}) >>> ${b % 3}; if (x % ${b + 3} === 1) x += ${a};`;
  });
  return new Function('x', `${steps.join('\n')}\nreturn x | 0;`) as (x: number) => number;
}
