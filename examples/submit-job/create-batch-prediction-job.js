'use strict';

/**
 * Creates a batch prediction job with Google's own library, and resolves with its resource name.
 * `VERTEX_AI_EMULATOR=host:port` sends it to jobherald's emulator in place of Google.
 */
async function createBatchPredictionJob({ parent, job }) {
  const { JobServiceClient } = require('@google-cloud/aiplatform').v1;
  const client = new JobServiceClient(clientOptions(parent));
  try {
    const [created] = await client.createBatchPredictionJob({ parent, batchPredictionJob: job });
    return created.name;
  } finally {
    await client.close();
  }
}

function clientOptions(parent) {
  const emulator = process.env.VERTEX_AI_EMULATOR;
  // A job is created at the endpoint of its own region; the global one knows no jobs.
  if (!emulator) return { apiEndpoint: `${parent.split('/')[3]}-aiplatform.googleapis.com` };
  const { credentials } = require('@grpc/grpc-js');
  const [apiEndpoint, port] = emulator.split(':');
  return { apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure(), universeDomain: 'googleapis.com' };
}

module.exports = { createBatchPredictionJob };
