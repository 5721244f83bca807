import { TextOption } from '@tandem/command';
import { Option } from 'commander';
import { option, withVariable } from '../option.ts';
import { type SettingName, settingNames, settingValues } from '../terminal/commands/setting.ts';

const settingWords: Readonly<Record<SettingName, string>> = {
  bell: 'ring when a message comes',
  time: 'show the time of each message',
  status: 'show a line with the connection, your name and your unread messages',
  color: 'use colour; auto does at a terminal without NO_COLOR',
};

/** The options of `tandem chat` that single commands do not have. */
export const chatOptions: readonly Option[] = [
  new Option('--plain', 'write lines only, and redraw none, for a screen reader'),
  withVariable(
    new TextOption(
      '--history <file>',
      'file that keeps the messages that you see and send, readable by you alone',
      'a file',
    ),
  ),
  ...settingNames.map((name) =>
    option(`--${name} <when>`, settingWords[name])
      .choices(settingValues[name])
      .default(settingValues[name][0]),
  ),
  new Option('--no-reconnect', 'leave when the connection is lost, also at a terminal'),
];
