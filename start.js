// Starts a command of this repository, or says in one line which Node.js it needs. This file and the
// entries that import it are read by whatever Node.js there is, so they say nothing that version 12.20
// cannot read: no top-level await, no `?.`, and no import of a name that older versions lack.

/** The oldest major version that runs TypeScript as it is and has all that the commands use. */
const oldest = 24;

/**
 * Runs `load`, unless this Node.js is too old: then it says so on standard error, and the exit code is 1.
 *
 * @param {string} name what the command is called
 * @param {() => Promise<unknown>} load imports its main file
 * @returns {Promise<unknown>}
 */
export async function start(name, load) {
  const { execPath, stderr, version } = process;
  // Node.js opens its debugger at this signal, on a port at which any user of the machine can run code.
  process.on('SIGUSR1', () => {});
  if (Number.parseInt(version.slice(1), 10) >= oldest) return load();
  stderr.write(
    `${name} needs Node.js ${oldest} or newer, and ${execPath} is ${version}: start it by "npx -y pnpm@12 ${name}", ` +
      'which brings one, or by node_modules/.bin/node of this repository\n',
  );
  process.exitCode = 1;
}
