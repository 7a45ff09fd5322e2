/**
 * Sends one event in a process of its own, because Node reads some of the environment only as it starts, and Jest keeps
 * a process.env apart from the real one. Argument: the endpoint as JSON. Output: the SendResult as JSON.
 */
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } };
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};

const { createWebhookChannel } = require('../../../src/channels/webhook/webhook-channel.ts');
const { LOOPBACK_ALLOWED, MESSAGE, NEVER, SECRETS } = require('./a-webhook.ts');

async function main() {
  const lookup = async () => ['127.0.0.1'];
  const channel = createWebhookChannel({ secrets: SECRETS, network: LOOPBACK_ALLOWED, version: '1.2.3', lookup });
  const result = await channel.send(JSON.parse(process.argv[2]), MESSAGE, NEVER);
  await channel.close();
  process.stdout.write(JSON.stringify(result));
}

void main();
