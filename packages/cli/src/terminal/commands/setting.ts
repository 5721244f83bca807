/** The settings of somebody at a terminal, and the values that each can have, the default first. */
export const settingValues = {
  bell: ['on', 'off'],
  time: ['on', 'off'],
  status: ['on', 'off'],
  color: ['auto', 'always', 'never'],
} as const;

/** The name of a setting. */
export type SettingName = keyof typeof settingValues;

/** A value for each setting. */
export type Settings = { readonly [Name in SettingName]: (typeof settingValues)[Name][number] };

/** The names of all settings. */
export const settingNames = Object.keys(settingValues) as SettingName[];

/** The settings of a client that is told nothing else. */
export const defaultSettings: Settings = { bell: 'on', time: 'on', status: 'on', color: 'auto' };

/** Returns the settings after a change, or why there is no such change. */
export function changeSetting(
  settings: Settings,
  name: string,
  value: string,
): Settings | { readonly problem: string } {
  const listed = new Intl.ListFormat('en-GB');
  const known = settingNames.find((each) => each === name);
  if (known === undefined)
    return { problem: `there is no such setting; they are ${listed.format(settingNames)}` };
  const values: readonly string[] = settingValues[known];
  if (!values.includes(value)) return { problem: `${known} can be ${listed.format(values)}` };
  return { ...settings, [known]: value };
}

/** Says what the settings are, in one line. */
export function describeSettings(settings: Settings): string {
  return settingNames.map((name) => `${name} ${settings[name]}`).join(', ');
}
