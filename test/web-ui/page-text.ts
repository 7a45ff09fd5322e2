import type { Page } from 'playwright-core';

/** All that a page shows. The Web UI puts Markdown into frames of their own. */
export async function pageText(page: Page): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what the page shows is the question, not what it holds
  const texts = await Promise.all(page.frames().map((frame) => frame.locator('body').innerText({ timeout: 1000 })));
  return texts.join('\n');
}

/** The rows of the tables on a page, as the texts of their cells. */
export async function tableRows(page: Page): Promise<string[][]> {
  const rows = await Promise.all(page.frames().map((frame) => frame.locator('tr').all()));
  return Promise.all(rows.flat().map((row) => row.locator('td').allInnerTexts()));
}
