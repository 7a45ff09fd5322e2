import { credentials } from '@grpc/grpc-js';
import { DEMO_SCOPE } from './demo-config';

const GOOGLE = 'googleapis.com';
const MODEL = `${DEMO_SCOPE}/models/churn`;

/**
 * Creates a batch prediction job with Google's own client library, as job-submission code does.
 * @param address host:port of the emulator
 * @returns the job's name, `projects/…/batchPredictionJobs/…`
 */
export async function createBatchJob(address: string): Promise<string> {
  const { JobServiceClient } = await import('@google-cloud/aiplatform/build/src/v1/index.js');
  const [host = '', port = ''] = address.split(':');
  const client = new JobServiceClient({
    apiEndpoint: host,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    // Keeps the library from looking for credentials, which nobody needs here.
    universeDomain: GOOGLE,
    clientOptions: { universeDomain: GOOGLE },
  });
  try {
    const [job] = await client.createBatchPredictionJob({
      parent: DEMO_SCOPE,
      batchPredictionJob: {
        displayName: 'Which customers will leave',
        model: MODEL,
        inputConfig: { instancesFormat: 'jsonl', gcsSource: { uris: ['gs://demo-bucket/customers.jsonl'] } },
        outputConfig: { predictionsFormat: 'jsonl', gcsDestination: { outputUriPrefix: 'gs://demo-bucket/churn' } },
      },
    });
    return job.name ?? '';
  } finally {
    await client.close();
  }
}
