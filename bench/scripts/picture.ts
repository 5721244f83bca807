// Takes the pictures that the README shows: `picture.ts PAGE.html PICTURE`, of the top of a page. Of the
// page of bytes, the operation stands at the top, and a header is selected.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { absolutePath, script } from '@tandem/command';
import { chromium } from 'playwright-core';

const command = script('bench:picture', 'Take a picture of the top of a page.')
  .argument('<page>', 'a file of HTML')
  .argument('<picture>', 'the PNG to write')
  .parse();
const [path, picture] = (command.processedArgs as [string, string]).map(whole) as [string, string];
for (const needed of [path, dirname(picture)]) {
  if (!existsSync(needed)) command.error(`error: there is no ${needed}`);
}
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const viewport = { width: 1100, height: 1300 };
const page = await browser.newPage({ viewport, deviceScaleFactor: 1.5 });
await page.goto(pathToFileURL(path).href);
const header = page.getByRole('treeitem', { name: ':path: /MessageService/Send', exact: true });
if ((await header.count()) > 0) {
  await page.getByText('five minutes').click();
  await header.focus();
  await page.locator('h1').evaluate((title) => title.scrollIntoView({ behavior: 'instant' }));
}
await page.screenshot({ path: picture });
await browser.close();

/** Returns a path as an absolute one. Ends with a message where that cannot be. */
function whole(path: string): string {
  try {
    return absolutePath(path);
  } catch (error) {
    return command.error(`error: ${(error as Error).message}`);
  }
}
