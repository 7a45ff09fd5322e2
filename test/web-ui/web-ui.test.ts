import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium';
import { eventually } from '../support/eventually';
import { type RealRun, startRealRun } from '../support/real-run';
import { startReceiver, type TestReceiver } from '../support/receiver';
import { type ScriptedProvider, SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { pageText, tableRows } from './page-text';
import { screenshot } from './screenshot';

const JOBS = 'projects/481516/locations/us-central1/batchPredictionJobs';
/** The folder that the pictures of docs/operator-view.md are written to; unset, none are taken. */
const SCREENSHOTS = process.env['JOBHERALD_SCREENSHOTS'];

/** The real pages of the real Web UI, read in a real browser. */
describe('the Web UI', () => {
  let browser: Browser;
  let page: Page;
  let run: RealRun;
  let provider: ScriptedProvider;
  let orders: TestReceiver;
  let audit: TestReceiver;
  /** A run whose endpoint `orders` answers 503, and one that has told everyone. */
  let notifying: string;
  let done: string;

  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1360, height: 1000 } });
    [orders, audit] = [await startReceiver(), await startReceiver()];
    provider = { ...scriptedProvider(), name: 'vertex-ai' };
    run = await startRealRun({
      provider,
      endpoints: [
        // The second attempt comes soon, the third not while this test looks.
        { name: 'orders', url: orders.url, retry: { firstMs: 200, factor: 9000, maxMs: 1800_000, forMs: 3600_000 } },
        { name: 'audit', url: audit.url },
      ],
    });
    orders.answer(503);
    provider.says(SUCCEEDED);
    notifying = await submit('2342', ['orders', 'audit']);
    done = await submit('2343', ['audit']);
    await eventually('orders was tried twice', () => orders.received.length === 2);
    await run.client.workflow.getHandle(`vertex-ai/${JOBS}/2343`).result();
  });
  afterAll(async () => {
    await browser?.close();
    await run.client.workflow.getHandle(`vertex-ai/${JOBS}/2342`).terminate();
    await run.stop();
    await Promise.all([orders.close(), audit.close()]);
  });

  /** The address of the run's page, as `GET` links to it. */
  const submit = async (name: string, endpoints: string[]): Promise<string> => {
    const { job } = await run.jobs.submit({
      provider: 'vertex-ai',
      job: `${JOBS}/${name}`,
      endpoints,
      idempotency_key: `nightly-${name}`,
      correlation_id: 'order-77',
      labels: { team: 'forecasts' },
    });
    return job.links.web_ui;
  };

  /** Opens a tab of a run's page, and waits until it shows all of `texts`. */
  const see = async (link: string, tab: string, texts: readonly (string | RegExp)[]): Promise<void> => {
    await page.goto(link.replace(/history$/, tab));
    let text = '';
    const isShown = async () => {
      text = await pageText(page);
      return texts.every((wanted) => (wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted)));
    };
    // Where tests run beside it, Chromium takes its time.
    const what = `the tab ${tab} shows ${texts.join(', ')}`;
    await eventually(what, isShown, { show: () => `the page shows:\n${text}` });
  };

  const picture = async (name: string): Promise<void> => {
    if (!SCREENSHOTS) return;
    await mkdir(SCREENSHOTS, { recursive: true });
    await screenshot(page, join(SCREENSHOTS, `web-ui-${name}.png`));
  };

  it('is where the link of a job leads, and names the run for its job', async () => {
    await see(notifying, 'history', [`vertex-ai/${JOBS}/2342`, 'deliver', /ATTEMPT [23]/]);
  });

  it('shows which endpoint gets what, and its progress, while endpoints are being notified', async () => {
    await see(notifying, 'user-metadata', [
      'vertex-ai job 2342 → orders, audit',
      'Idempotency key nightly-2342, correlation id order-77',
      'notifying: The job has ended; its endpoints are being notified.',
      'State: COMPLETED (provider state JOB_STATE_SUCCEEDED)',
    ]);
    const rows = await tableRows(page);
    expect(rows).toContainEqual(['orders', 'job.succeeded', 'pending', 'see the pending activity']);
    expect(rows).toContainEqual(['audit', 'job.succeeded', 'delivered', '1']);
    expect(rows).toContainEqual(['audit', 'standard', 'job.succeeded, job.failed, job.canceled, job.partially_failed']);
    await picture('details');
  });

  it('shows the attempts of a pending delivery, why the last one failed and when the next is due', async () => {
    await see(notifying, 'pending-activities', [
      /orders\/[0-9a-f-]{36}/,
      /Attempt\s+[23]/, // on a slow machine the second is due when its activity begins, and is its first
      /Next Retry/,
      /attempt 2: HTTP 503; the next at \d{4}-/,
      '"status": 503',
    ]);
    await picture('attempts');
  });

  it('says on the timeline what each activity is for', async () => {
    await see(notifying, 'timeline', [
      'safety timer',
      'notifies orders, audit: job.succeeded',
      /Attempt [23] .* notifies orders: job.succeeded/,
    ]);
    await picture('timeline');
  });

  it('shows what a run is found by', async () => {
    await see(notifying, 'search-attributes', [
      '"JobProvider": "vertex-ai"',
      '"JobState": "COMPLETED"',
      '"CompletedBy": "poll"',
      '"JobEndedAt": "2026-01-02T04:00:00.000Z"',
      /"JobEndpoint": \[\s+"orders",\s+"audit"\s+\]/,
      /"DeliveryState": \[\s+"delivered",\s+"pending",\s+"pending:orders"\s+\]/,
    ]);
  });

  it('shows the keys and labels of the submission', async () => {
    await see(notifying, 'memo', [
      '"idempotency_key": "nightly-2342"',
      '"correlation_id": "order-77"',
      '"team": "forecasts"',
    ]);
  });

  it('shows of a run that is done that everyone was notified', async () => {
    await see(done, 'user-metadata', ['done: The job has ended, and so has every delivery.', 'Completed by: poll']);
    expect(await tableRows(page)).toContainEqual(['audit', 'job.succeeded', 'delivered', '1']);
    await see(done, 'search-attributes', [/"DeliveryState": \[\s+"delivered"\s+\]/]);
    await see(done, 'timeline', ['COMPLETED', '"state": "COMPLETED"']);
  });

  it('finds runs by a query', async () => {
    const { origin, pathname } = new URL(notifying);
    const query = `DeliveryState="pending" AND JobProvider="vertex-ai" AND TaskQueue="${run.config.temporal.taskQueue}"`;
    const list = `${origin}${pathname.split('/').slice(0, 3).join('/')}/workflows?query=${encodeURIComponent(query)}`;
    await eventually(
      'the list shows the run', // as soon as Temporal has indexed it
      async () => {
        await page.goto(list);
        await page.getByRole('link', { name: `${JOBS}/2342` }).waitFor({ timeout: 10_000 });
        return true;
      },
    );
    expect(await pageText(page)).not.toContain(`${JOBS}/2343`);
  });
});
