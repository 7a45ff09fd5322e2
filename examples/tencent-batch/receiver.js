'use strict';

const { createServer } = require('node:http');
const { createReceiver, memoryStore, toNodeHandler } = require('jobherald/receiver');

/** What to do for each of Tencent's events; the others are of no interest here. */
const HANDLERS = {
  JOB_SUCCEED: ({ Batch, EventVars }) => say(`${Batch.JobId} has succeeded`, EventVars),
  JOB_FAILED: ({ Batch, EventVars }) =>
    say(`${Batch.JobId} has failed: ${Batch.StateReason ?? 'no reason'}`, EventVars),
  // The one that costs money to overlook: the instance is kept for debugging, and billed until it is terminated.
  JOB_FAILED_INTERRUPTED: ({ Batch, EventVars }) =>
    say(`STILL BILLING: ${Batch.JobId}: ${Batch.StateReason}`, EventVars),
  TASK_INSTANCE_FAILED: ({ Batch }) =>
    say(`${Batch.JobId}: task ${Batch.TaskName}[${Batch.TaskInstanceIndex}] has failed`),
  COMPUTE_NODE_ABNORMAL: ({ Batch }) => say(`node ${Batch.ComputeNodeId} of ${Batch.EnvId} is abnormal`),
};

function say(text, vars = []) {
  const told = vars.map(({ Name, Value }) => ` ${Name}=${Value}`).join('');
  process.stdout.write(`${text}${told}\n`);
}

const { WEBHOOK_SECRET, PORT = '9000' } = process.env;
if (!WEBHOOK_SECRET) {
  process.stderr.write('WEBHOOK_SECRET is not set; give the whsec_… key of the endpoint\n');
  process.exit(2);
}

const receiver = createReceiver({
  name: 'tencent-batch-example',
  // Gone after a restart; an effect that must happen once wants one of the other stores.
  store: memoryStore(),
  secrets: WEBHOOK_SECRET.split(' '),
  handler: ({ payload }) => {
    for (const event of payload.Events) HANDLERS[event.EventName]?.(event);
  },
});

const server = createServer(toNodeHandler(receiver));
server.listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`receiving at http://127.0.0.1:${server.address().port}\n`);
});
process.once('SIGTERM', () => server.close());
