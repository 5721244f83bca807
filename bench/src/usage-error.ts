/** An option or a setting is wrong, or what it asks for cannot be done here. The message says why. */
export class UsageError extends Error {}
