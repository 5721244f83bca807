// On a busy machine one attempt in several ends so.
const attemptsMax = 10;

/**
 * The machine is too busy for a recording: the second of a date was over before its response, or the server has
 * told its client another limit of calls, which it does when its turns are long.
 */
export class MachineBusy extends Error {}

/**
 * Attempts a recording, and again each time that the machine was too busy for it. Rejects with the error of the
 * last attempt: what comes each time is no chance.
 */
export async function whileCalm<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof MachineBusy) || attempts === attemptsMax) throw error;
    }
  }
}
