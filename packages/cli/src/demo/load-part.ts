import { refuse } from '../refuse.ts';

/** Loads a part of the demonstration that an image of the server leaves out; says so and ends the process there. */
export async function loadPart<Part>(loading: Promise<Part>): Promise<Part> {
  try {
    return await loading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return refuse(
      'This installation has only what a server needs; start the demonstration from a clone of the repository.',
    );
  }
}
