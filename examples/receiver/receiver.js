'use strict';

const { createServer } = require('node:http');
const { WebhookVerificationError, verifyWebhook } = require('jobherald/receiver');

const MAX_BODY_BYTES = 1024 * 1024;
/** Webhook ids to remember. In memory: a restart forgets them, so an effect that must happen once needs a store. */
const MAX_REMEMBERED = 10_000;

/** A receiver that verifies, deduplicates by `webhook-id`, and calls `handle` once for each event. */
function createReceiver({ secrets, handle }) {
  const done = new Map();

  return createServer(async (request, response) => {
    const answer = (status, text) => response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
    try {
      if (request.method !== 'POST') return answer(405, 'POST only');
      const body = await read(request);
      if (!body) return answer(413, 'too large');
      const { id, payload } = verifyWebhook({ headers: request.headers, body, secrets });

      // Kept while it is being handled, too: the sender may try again before the first attempt has been answered.
      if (!done.has(id)) done.set(id, Promise.resolve(payload).then(handle));
      await done.get(id).catch((error) => {
        done.delete(id);
        throw error;
      });
      if (done.size > MAX_REMEMBERED) done.delete(done.keys().next().value);
      answer(200, 'ok');
    } catch (error) {
      if (error instanceof WebhookVerificationError) return answer(401, `${error.code}: ${error.message}`);
      // Anything but 2xx is tried again, for days: an error here loses nothing.
      answer(500, 'not handled; try again');
      process.stderr.write(`${error.stack}\n`);
    }
  });
}

/** The bytes as they came: what is signed are the bytes, not the JSON in them. */
async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

module.exports = { createReceiver };

if (require.main === module) {
  const { WEBHOOK_SECRET, PORT = '9000' } = process.env;
  if (!WEBHOOK_SECRET) {
    process.stderr.write('WEBHOOK_SECRET is not set; give the whsec_… key of the endpoint\n');
    process.exit(2);
  }
  const server = createReceiver({
    secrets: WEBHOOK_SECRET.split(' '),
    handle: ({ type, data }) => process.stdout.write(`${type} ${data.provider} ${data.job} ${data.state}\n`),
  });
  server.listen(Number(PORT), '127.0.0.1', () => {
    process.stdout.write(`receiving at http://127.0.0.1:${server.address().port}\n`);
  });
  process.once('SIGTERM', () => server.close());
}
