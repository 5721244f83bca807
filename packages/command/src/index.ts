export { NumberOption, type NumberRange, parseNumber, TextOption } from './option.ts';
export { StandardOutput } from './standard-output.ts';
