export { absolutePath } from './absolute-path.ts';
export { counted } from './counted.ts';
export { openFilesMax } from './open-files.ts';
export {
  NumberOption,
  type NumberRange,
  numberArgument,
  parseNumber,
  TextOption,
  textArgument,
} from './option.ts';
export { StandardOutput, script } from './standard-output.ts';
export { stopOnSignals } from './stop-signal.ts';
export { addClientTlsOptions, type ClientTlsArguments, clientTlsProblem } from './tls-options.ts';
export { exitOnWrongUsage, usageExitCode } from './usage.ts';
