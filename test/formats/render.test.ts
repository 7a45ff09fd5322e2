import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { HTTP } from 'cloudevents';
import { schemas } from '../../schemas';
import type { JobEvent } from '../../src/domain/event';
import { render } from '../../src/formats/render';
import { FORMATS } from '../../src/formats/vocabulary';

const EVENT: JobEvent = {
  id: '5f2d9d7e-7b9a-5c43-8d0e-2f0a4a2b9c11',
  type: 'job.succeeded',
  timestamp: '2026-01-02T04:00:00Z',
  workflow_id: 'vertex-ai/projects/123/locations/us-central1/batchPredictionJobs/456',
  origin: null,
  native: null,
  data: {
    provider: 'vertex-ai',
    job: 'projects/123/locations/us-central1/batchPredictionJobs/456',
    state: 'COMPLETED',
    provider_state: 'JOB_STATE_SUCCEEDED',
    reason: null,
    message: null,
    error: null,
    artifacts: [{ uri: 'gs://bucket/out', type: 'GCS_DIRECTORY' }],
    progress: null,
    started_at: '2026-01-02T03:05:00Z',
    ended_at: '2026-01-02T04:00:00Z',
    sequence: 2,
    correlation_id: null,
    idempotency_key: '5f2d9d7e-7b9a-5c43-8d0e-2f0a4a2b9c11',
    metadata: { nested: { a: [1] } },
    labels: { team: 'x' },
  },
};
const ajv = new Ajv2020({ strict: false });
addFormats(ajv);
for (const schema of Object.values(schemas)) ajv.addSchema(schema);

describe('render', () => {
  it.each(FORMATS)('carries the id of the event in %s, and renders the same bytes each time', (format) => {
    expect(render(EVENT, { format }).id).toBe(EVENT.id);
    expect(render(structuredClone(EVENT), { format })).toEqual(render(EVENT, { format }));
  });

  it.each(FORMATS)('writes header names in lower case and values of one line in %s', (format) => {
    for (const [name, value] of Object.entries(render(EVENT, { format }).headers)) {
      expect(name).toBe(name.toLowerCase());
      expect(value).toMatch(/^[\x20-\x7e]+$/);
    }
  });

  it('gives type, time and data as `standard`, by the published schema', () => {
    const { body, headers, content_type } = render(EVENT, { format: 'standard' });
    expect(JSON.parse(body)).toEqual({ type: 'job.succeeded', timestamp: EVENT.timestamp, data: EVENT.data });
    expect(Object.keys(JSON.parse(body))).toEqual(['type', 'timestamp', 'data']);
    expect([headers, content_type]).toEqual([{}, 'application/json']);
    const validate = ajv.getSchema(schemas.StandardEvent.$id);
    expect(validate?.(JSON.parse(body)) || validate?.errors).toBe(true);
  });

  it('gives exactly three members as `vertex-ai`', () => {
    expect(render(EVENT, { format: 'vertex-ai' }).body).toBe(
      '{"jobId":"456","finalState":"JOB_STATE_SUCCEEDED","outputLocation":"gs://bucket/out"}',
    );
  });

  describe('as `cloudevents`', () => {
    it('is a CloudEvent in binary mode that the reference SDK reads', () => {
      const { headers, content_type, body } = render(EVENT, { format: 'cloudevents' });
      const event = HTTP.toEvent({ headers: { ...headers, 'content-type': content_type }, body });
      expect([event].flat()).toEqual([
        expect.objectContaining({
          specversion: '1.0',
          id: EVENT.id,
          source: '/jobs/vertex-ai',
          type: 'job.succeeded',
          subject: EVENT.data.job,
          data: EVENT.data,
        }),
      ]);
    });

    it('has `data` alone for its body', () => {
      expect(JSON.parse(render(EVENT, { format: 'cloudevents' }).body)).toEqual(EVENT.data);
    });

    it('percent-encodes in a header what may not stand there', () => {
      const job = 'jöb "1" 100%\r\nx-evil: 1';
      const { headers } = render({ ...EVENT, data: { ...EVENT.data, job } }, { format: 'cloudevents' });
      expect(headers['ce-subject']).toBe('j%C3%B6b%20%221%22%20100%25%0D%0Ax-evil:%201');
      expect(decodeURIComponent(headers['ce-subject'] ?? '')).toBe(job);
    });
  });
});
