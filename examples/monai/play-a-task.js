'use strict';
// Plays what is around the Task Manager: the executor that dispatches a task and listens for updates, and an Argo server that
// says how the task's workflow is. jobherald, started with jobherald.yaml, does the rest.
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');
const { Connection } = require('rabbitmq-client');

const { RABBITMQ_URL = 'amqp://guest:guest@127.0.0.1', ARGO_PORT = '2746' } = process.env;
const EXCHANGE = 'monaideploy';
const tell = (line) => process.stdout.write(`${line}\n`);
const complain = (line) => process.stderr.write(`${line}\n`);

/** Argo's two answers: which workflows are open, and how this one is. It runs for a moment, and has succeeded then. */
function startArgo() {
  let asked = 0;
  let shown;
  const server = createServer((request, response) => {
    const isSweep = request.url.includes('?'); // jobherald lists the open workflows every second
    if (isSweep) {
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ metadata: {}, items: null }));
    }
    asked += 1;
    const phase = asked < 2 ? 'Running' : 'Succeeded';
    const name = request.url.split('/').at(-1);
    if (phase !== shown) tell(`argo      ${name} is ${phase}`);
    shown = phase;
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ metadata: { name }, status: { phase, startedAt: new Date().toISOString() } }));
  });
  return new Promise((resolve) => server.listen(Number(ARGO_PORT), '127.0.0.1', () => resolve(server)));
}

async function main() {
  const rabbit = new Connection(RABBITMQ_URL);
  rabbit.on('error', (error) => complain(`rabbitmq  ${error.message}`));
  const argo = await startArgo();
  const executor = rabbit.createPublisher({
    confirm: true,
    exchanges: [{ exchange: EXCHANGE, type: 'topic', durable: true }],
  });
  const ids = {
    workflow_instance_id: randomUUID(),
    task_id: 'lung-seg',
    execution_id: randomUUID(),
    correlation_id: randomUUID(),
  };
  const say = async (routingKey, type, body) => {
    const properties = { messageId: randomUUID(), correlationId: ids.correlation_id, appId: 'example', type };
    await executor.send({ exchange: EXCHANGE, routingKey, durable: true, ...properties }, { ...ids, ...body });
    tell(`executor  ${routingKey}`);
  };

  await new Promise((resolve, reject) => {
    const updates = rabbit.createConsumer(
      {
        queue: 'example.md.tasks.update',
        queueOptions: { durable: true },
        exchanges: [{ exchange: EXCHANGE, type: 'topic', durable: true }],
        queueBindings: [{ exchange: EXCHANGE, routingKey: 'md.tasks.update' }],
      },
      async ({ body }) => {
        if (body.execution_id !== ids.execution_id) return;
        tell(`update    ${body.status} ${body.reason} ${JSON.stringify(body.metadata)}`);
        if (body.status === 'Accepted') {
          await say('md.tasks.callback', 'TaskCallbackEvent', {
            identity: 'md-lung-seg-1',
            metadata: { acceptance: true },
          });
        } else resolve(setImmediate(() => updates.close()));
      },
    );
    updates.on('error', (error) => complain(`rabbitmq  ${error.message}`));
    updates.once('ready', () => {
      say('md.tasks.dispatch', 'TaskDispatchEvent', {
        payload_id: randomUUID(),
        type: 'argo',
        task_plugin_arguments: {},
        inputs: [],
        outputs: [],
      }).catch(reject);
    });
  });
  await executor.close();
  // Long enough for the last acknowledgement.
  setTimeout(() => rabbit.unsafeDestroy(), 200);
  argo.close();
  argo.closeAllConnections();
}

main().catch((error) => {
  complain(error.message);
  process.exitCode = 1;
});
