/**
 * The time, in milliseconds, after which a test takes for lost what it awaits. It bounds a hang and nothing else:
 * also on a machine that is ten times slower than ours, nothing that comes takes as long.
 */
export const patienceMs = 100_000;
