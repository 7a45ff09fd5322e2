'use strict';

const { readFileSync } = require('node:fs');
const { parseArgs } = require('node:util');
const { JobHerald, JobHeraldError } = require('jobherald');
const { createBatchPredictionJob } = require('./create-batch-prediction-job');

const USAGE = `usage: node submit-job.js --endpoint NAME JOB
       node submit-job.js --endpoint NAME --create batch-prediction-job.json --parent projects/P/locations/L
JOBHERALD_URL and JOBHERALD_TOKEN say where the gateway is.
`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { endpoint: { type: 'string' }, create: { type: 'string' }, parent: { type: 'string' } },
  });
  const { endpoint, create, parent } = values;
  if (!endpoint || (create ? !parent : positionals.length !== 1)) {
    process.stderr.write(USAGE);
    return 2;
  }

  const herald = new JobHerald({ env: process.env });
  const name = create
    ? await createBatchPredictionJob({ parent, job: JSON.parse(readFileSync(create, 'utf8')) })
    : positionals[0];

  const { job, created } = await untilAnswered(() =>
    herald.submit({ provider: 'vertex-ai', job: name, endpoints: [endpoint], labels: { submitted_by: 'examples' } }),
  );
  process.stdout.write(`${created ? 'submitted' : 'submitted before'}: ${job.job}\n`);
  process.stdout.write(`state ${job.state}, ${job.phase}; ${endpoint} will be notified\n`);
  process.stdout.write(`${job.links.web_ui}\n`);
  return 0;
}

/**
 * Tries again while the gateway or its Temporal is away: the job runs and costs money already, so it must not be
 * forgotten for a restart of the gateway. Safe, because the same submission again finds the same run.
 */
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

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
