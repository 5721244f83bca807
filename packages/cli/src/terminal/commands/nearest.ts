const editsMax = 2;

/**
 * The candidate that `word` probably meant: one that it begins, or else the one that the fewest
 * edits (at most 2) make of it. Undefined where nothing is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length >= 2) {
    const begun = candidates.find((candidate) => candidate.startsWith(word));
    if (begun !== undefined) return begun;
  }
  let best: string | undefined;
  let editsOfBest = editsMax + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > editsMax) continue;
    const edits = editDistance(word, candidate);
    if (edits < editsOfBest && edits * 2 < candidate.length) {
      best = candidate;
      editsOfBest = edits;
    }
  }
  return best;
}

/** Levenshtein's distance, in which two letters that changed places count as one edit. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const edits = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + same,
      ];
      if (swapped && row > 1 && column > 1) edits.push((beforeLast[column - 2] ?? 0) + 1);
      current.push(Math.min(...edits));
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
