import { readFileSync } from 'node:fs';

/**
 * Returns how many files this process may have open; infinity where the system does not say. Node.js
 * has raised its limit as far as it may when it started, so it is the hard limit of `ulimit -Hn`.
 */
export function openFilesMax(): number {
  const soft = process.platform === 'linux' ? linuxLimit() : reportedLimit();
  const limit = Number(soft);
  return Number.isInteger(limit) ? limit : Number.POSITIVE_INFINITY;
}

function linuxLimit(): string | undefined {
  try {
    return /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  } catch {
    return reportedLimit();
  }
}

// The report names it on every system but Windows, and takes some milliseconds.
function reportedLimit(): string | undefined {
  const report = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | string } };
  };
  const soft = report.userLimits?.open_files?.soft;
  return soft === undefined ? undefined : String(soft);
}
