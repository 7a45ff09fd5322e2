'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { JobHerald, JobHeraldError } = require('jobherald');

const USAGE = `usage: node submit-job.js JOB_ID [NOTIFICATIONS.json]
JOBHERALD_URL and JOBHERALD_TOKEN say where the gateway is.
`;

/** Tells jobherald of a job of Tencent Batch, with the notifications that SubmitJob takes. */
async function main([job, file = join(__dirname, 'notifications.json'), ...more]) {
  if (job === undefined || more.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  const notifications = JSON.parse(readFileSync(file, 'utf8'));
  const herald = new JobHerald({ env: process.env });

  const { job: seen, created } = await untilAnswered(() =>
    herald.submit({ provider: 'tencent-batch', job, notifications }),
  );
  process.stdout.write(`${created ? 'submitted' : 'submitted before'}: ${seen.job}\n`);
  process.stdout.write(`state ${seen.state}, ${seen.phase}\n`);
  process.stdout.write(`${seen.links.web_ui}\n`);
  return 0;
}

/** Tries again while the gateway or its Temporal is away. Safe, because the same submission finds the same run. */
async function untilAnswered(call) {
  for (let pauseMs = 500; ; pauseMs = Math.min(2 * pauseMs, 30_000)) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof JobHeraldError) || error.code !== 'unavailable') throw error;
      process.stderr.write(`${error.message}; trying again in ${pauseMs / 1000} s\n`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    // Each fault with its place: /notifications/0/event_configs/0/event_name must be … (did you mean JOB_FAILED?)
    for (const { pointer, detail } of error.faults ?? []) process.stderr.write(`${pointer}: ${detail}\n`);
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
