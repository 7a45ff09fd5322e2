import { hostname } from 'node:os';
import type { Page } from 'playwright-core';

const NAVIGATION = 256;
const HEADER = 60;

/** A picture of a run's page for the docs: without the navigation, and without the names of this machine. */
export async function screenshot(page: Page, path: string): Promise<void> {
  await page.evaluate(renameTexts(hostname()));
  const { width, height } = page.viewportSize() ?? { width: 1360, height: 1000 };
  const tall = await page.locator('body').evaluate((body) => body.scrollHeight);
  await page.screenshot({
    path,
    clip: { x: NAVIGATION, y: HEADER, width: width - NAVIGATION, height: Math.min(height, tall) - HEADER },
  });
}

/** Runs in the page. A string, because the tests are compiled without the types of a browser. */
function renameTexts(host: string): string {
  return `{
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      node.textContent = node.textContent
        .replace(/\\btest-[0-9a-f]{8}-[0-9a-f-]*…?/g, 'jobherald')
        .replaceAll(${JSON.stringify(`@${host}`)}, '@worker');
    }
  }`;
}
