// Takes the picture of a report that the README shows: `picture.ts REPORT-DIRECTORY PICTURE`.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [directory, picture] = process.argv.slice(2);
if (directory === undefined || picture === undefined) {
  process.stderr.write('picture.ts takes the directory of a report, and where the picture goes\n');
  process.exit(2);
}
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const viewport = { width: 1100, height: 1300 };
const page = await browser.newPage({ viewport, deviceScaleFactor: 1.5 });
await page.goto(pathToFileURL(resolve(directory, 'report.html')).href);
await page.screenshot({ path: picture });
await browser.close();
