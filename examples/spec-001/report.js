'use strict';

const { randomUUID } = require('node:crypto');
const { setTimeout: sleep } = require('node:timers/promises');

const SOURCE = { application: 'report.js', version: '1.0.0', environment_type: 'development' };

/**
 * Reports one job by SPEC-001 over HTTP. A message keeps its `idempotency_key` however often it is sent, so it is sent
 * until it is taken.
 */
function createReporter({ url, token, job = randomUUID() }) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };

  const send = async (data) => {
    const meta = { idempotency_key: randomUUID(), correlation_id: job, source: SOURCE, version: '1.1.0' };
    const request = { method: 'POST', headers, body: JSON.stringify({ meta, data }) };
    for (let delayMs = 200; ; delayMs = Math.min(2 * delayMs, 30_000)) {
      // Nobody there is as good as 503: it passes.
      const response = await fetch(new URL('/ingress/spec-001', url), request).catch(() => undefined);
      if (response?.ok) return;
      const passes = response === undefined || response.status >= 500 || response.status === 429;
      if (!passes) throw new Error(`refused with ${response.status}: ${await response.text()}`);
      await sleep(delayMs);
    }
  };
  return {
    job,
    /** `more`: message, progress, results, … as SPEC-001 has them. */
    status: (status, more = {}) => send({ notification_type: 'STATUS', status, ...more }),
    /** Lives, and will say so again within so many seconds. */
    heartbeat: (heartbeat_deadline_seconds) => send({ notification_type: 'HEARTBEAT', heartbeat_deadline_seconds }),
  };
}

/** A job of a few seconds that does nothing but report. */
async function main() {
  const reporter = createReporter({
    url: process.env.JOBHERALD_URL ?? 'http://127.0.0.1:8080',
    token: process.env.JOBHERALD_TOKEN,
  });
  await reporter.status('RUNNING', { description: 'An example' });
  for (const percentage_completed of [25, 50, 75]) {
    await reporter.heartbeat(30);
    await reporter.status('RUNNING', { progress: { percentage_completed } });
    await sleep(Number(process.env.STEP_MS ?? 1_000));
  }
  const paths = [`${reporter.job}/result.csv`];
  const result = {
    type: 'ABS_FILES',
    storage_account: 'examples',
    container: 'out',
    paths,
    primary_resource: 'result',
  };
  await reporter.status('COMPLETED', { progress: { percentage_completed: 100 }, results: [result] });
  process.stdout.write(`reported: spec-001/${reporter.job}\n`);
}

if (require.main === module) {
  main().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

module.exports = { createReporter, main };
