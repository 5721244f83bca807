/** A command was asked for something that it does not do: the lab ends with 2. The message says what it does. */
export class UsageError extends Error {}
