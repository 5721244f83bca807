const nothing = async () => {};

/** Actions of every command that do nothing, for tests of what a line means. */
export const actions = {
  serve: nothing,
  admin: nothing,
  chat: nothing,
  once: nothing,
  complete: nothing,
  demo: nothing,
  backUp: nothing,
  restore: nothing,
  check: nothing,
  certificate: nothing,
  migrate: nothing,
};
