export { openFilesMax } from './open-files.ts';
export { NumberOption, type NumberRange, parseNumber, TextOption } from './option.ts';
export { script } from './script.ts';
export { StandardOutput } from './standard-output.ts';
