import { execFileSync } from 'node:child_process';
import { openFilesMax } from '@tandem/command';
import { type AttackCounts, heldAtEnd } from '../attacker/protocol.ts';

/** The programs that give a server its number of descriptors. */
export interface OpenFiles {
  /** Programs in front of the server, with their arguments; none for the limit of the system. */
  readonly launcher: readonly string[];
  /** The reason why the server has fewer than it should, in words; undefined if it has all. */
  readonly shortOf?: string;
}

/**
 * Returns the programs that give a server so many descriptors. Only root may have more than the system's limit. Where
 * it cannot be raised, the server has that limit.
 *
 * @param wanted undefined for the limit of the system
 */
export function openFiles(wanted: number | undefined): OpenFiles {
  if (wanted === undefined) return { launcher: [] };
  const launcher = ['prlimit', `--nofile=${wanted}`];
  const allowed = openFilesMax();
  if (wanted <= allowed || works(launcher)) return { launcher };
  return {
    launcher: [],
    shortOf: `the system allows the server ${inDigits(allowed)} open files, and not ${inDigits(wanted)}`,
  };
}

/**
 * Returns the number of connections that the server held at the end of an attack and the reason, in words, when it
 * has fewer descriptors than it should; undefined if it has all.
 */
export function noteOn({ shortOf }: OpenFiles, counts: AttackCounts): string | undefined {
  return shortOf && `${inDigits(counts[heldAtEnd] ?? 0)} ${heldAtEnd}; ${shortOf}`;
}

function works([program = '', ...args]: readonly string[]): boolean {
  try {
    execFileSync(program, [...args, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function inDigits(count: number): string {
  return count.toLocaleString('en-US');
}
