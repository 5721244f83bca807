import { styleText } from 'node:util';
import type { Traffic } from '@tandem/proxy';

/** A step, and the bytes that it took on each wire. */
export interface Entry {
  readonly title: string;
  readonly outcome: string;
  readonly sockets: Traffic;
  readonly grpc: Traffic;
}

const columns = { title: 26, outcome: 24, sent: 5, received: 9, wire: 15 } as const;

/** The head of the table: whose wire is which. */
export function renderHead(color: boolean): string {
  const wires = wire('alice, sockets') + wire('bob, gRPC');
  const counts = `${heads()}${heads()}`;
  const indent = ' '.repeat(columns.title + columns.outcome);
  return dim(`${indent}${wires}\n${indent}${counts}\n`, color);
}

/** One step as a line: what happened, and the bytes from client to server and back on both wires. */
export function renderEntry({ title, outcome, sockets, grpc }: Entry, color: boolean): string {
  const told = outcome.padEnd(columns.outcome).slice(0, columns.outcome);
  return `${title.padEnd(columns.title)}${dim(told, color)}${bytes(sockets)}${bytes(grpc)}\n`;
}

/** The bytes of one wire in a step, below its line. */
export function renderBytes(title: string, bytes: string, color: boolean): string {
  return `\n${color ? styleText('bold', title) : title}\n${bytes}\n`;
}

/** The sum of the steps, and what it shows. */
export function renderTotal(entries: readonly Entry[], color: boolean): string {
  const sockets = total(entries.map((entry) => entry.sockets));
  const grpc = total(entries.map((entry) => entry.grpc));
  const line = `${'altogether'.padEnd(columns.title + columns.outcome)}${bytes(sockets)}${bytes(grpc)}\n`;
  return color ? styleText('bold', line) : line;
}

function wire(name: string): string {
  return name.padStart(columns.wire);
}

function heads(): string {
  return wire(`${'sent'.padStart(columns.sent)}${'received'.padStart(columns.received)}`);
}

function bytes({ sent, received }: Traffic): string {
  return wire(`${count(sent).padStart(columns.sent)}${count(received).padStart(columns.received)}`);
}

// A wire on which nothing happened says so by saying nothing.
function count(bytes: number): string {
  return bytes === 0 ? '.' : String(bytes);
}

function total(traffic: readonly Traffic[]): Traffic {
  return traffic.reduce((sum, { sent, received }) => ({
    sent: sum.sent + sent,
    received: sum.received + received,
  }));
}

function dim(text: string, color: boolean): string {
  return color ? styleText('dim', text) : text;
}
