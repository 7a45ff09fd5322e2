import { boundedStatus } from '../../src/domain/bounded-status';
import { NOT_ASKED_YET } from '../../src/domain/job-run';
import type { JobStatus } from '../../src/domain/job-status';
import { jsonBytes } from '../../src/domain/text-size';

const status = (more: Partial<JobStatus>): JobStatus => ({ ...NOT_ASKED_YET, ...more });
const artifacts = (count: number, uri = 'gs://bucket/') =>
  Array.from({ length: count }, (_, i) => ({ uri: `${uri}${i}`, type: 'GCS_DIRECTORY' }));

describe('a status as a run takes it in', () => {
  it('is the provider’s own, at every bound', () => {
    const text = 'x'.repeat(8192);
    const atBound = status({
      reason: text,
      message: text,
      error: { code: 3, message: text },
      artifacts: [...artifacts(199), { uri: 'u'.repeat(2048), type: 'T' }],
      native: { results: 'r'.repeat(100_000) },
    });
    expect(boundedStatus(atBound)).toEqual(atBound);
  });

  it('has its texts cut at 8 KiB', () => {
    const text = 'x'.repeat(8193);
    const cut = `${'x'.repeat(8192)} … (1 bytes more)`;
    const bounded = boundedStatus(status({ reason: text, message: text, error: { code: 3, message: text } }));
    expect(bounded).toMatchObject({ reason: cut, message: cut, error: { code: 3, message: cut } });
    expect(boundedStatus(bounded)).toEqual(bounded);
  });

  it('lists 200 artifacts, and says how many there are', () => {
    const bounded = boundedStatus(status({ artifacts: artifacts(201) }));
    expect(bounded.artifacts).toEqual(artifacts(200));
    expect(bounded.artifacts_total).toBe(201);
    expect(boundedStatus(bounded)).toEqual(bounded);
  });

  it('leaves an artifact out whose uri is over 2 KiB, and counts it', () => {
    const bounded = boundedStatus(status({ artifacts: [{ uri: 'u'.repeat(2049), type: 'T' }, ...artifacts(1)] }));
    expect(bounded.artifacts).toEqual(artifacts(1));
    expect(bounded.artifacts_total).toBe(2);
  });

  it('leaves out the largest members of what only the provider’s own format needs', () => {
    const native = { identity: 'i', results: 'r'.repeat(200_000), description: 'd' };
    expect(boundedStatus(status({ native })).native).toEqual({ identity: 'i', description: 'd' });
  });

  it('fits into a payload whatever a provider says', () => {
    const nasty = '\u0001'.repeat(300_000);
    const bounded = boundedStatus(
      status({
        provider_state: nasty,
        reason: nasty,
        message: nasty,
        error: { code: nasty, message: nasty },
        artifacts: [...artifacts(1000, 'u'.repeat(2_000)), { uri: 'u', type: nasty, query: nasty }],
        progress: Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`n${i}`, i])),
        started_at: nasty,
        ended_at: nasty,
        native: Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`n${i}`, nasty.slice(0, i)])),
      }),
    );
    expect(jsonBytes(bounded)).toBeLessThan(1.2 * 1024 * 1024);
  });
});
