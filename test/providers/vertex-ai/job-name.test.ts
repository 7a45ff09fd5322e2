import fc from 'fast-check';
import { ProviderError } from '../../../src/providers/provider';
import { COLLECTIONS, canonicalJobName, parseJobName } from '../../../src/providers/vertex-ai/job-name';

const PROJECTS = { 'shop-ml': '482013377105', 'example.com:old': '77' };

describe('a Vertex AI job name', () => {
  it.each(COLLECTIONS)('may be of %s', (collection) => {
    const name = `projects/482013377105/locations/europe-west4/${collection}/nightly-20260301`;
    expect(canonicalJobName(name, PROJECTS)).toBe(name);
    expect(parseJobName(name)).toEqual({
      project: '482013377105',
      location: 'europe-west4',
      collection,
      id: 'nightly-20260301',
    });
  });

  it.each([
    'projects/shop-ml/locations/europe-west4/customJobs/7',
    '/projects/shop-ml/locations/europe-west4/customJobs/7',
    '//aiplatform.googleapis.com/projects/shop-ml/locations/europe-west4/customJobs/7',
    '//europe-west4-aiplatform.googleapis.com/projects/shop-ml/locations/europe-west4/customJobs/7',
    'projects/482013377105/locations/europe-west4/customJobs/7',
    ' projects/shop-ml/locations/europe-west4/customJobs/7\n',
  ])('written %j is one job', (spelling) => {
    expect(canonicalJobName(spelling, PROJECTS)).toBe('projects/482013377105/locations/europe-west4/customJobs/7');
  });

  it('keeps a project id whose number is not configured', () => {
    const name = 'projects/constructor/locations/us-central1/tuningJobs/1';
    expect(canonicalJobName(name, PROJECTS)).toBe(name);
  });

  it('may be of a domain-scoped project and of the global location', () => {
    expect(canonicalJobName('projects/example.com:old/locations/global/batchPredictionJobs/1', PROJECTS)).toBe(
      'projects/77/locations/global/batchPredictionJobs/1',
    );
  });

  it.each([
    '',
    'batchPredictionJobs/1',
    'projects/p/locations/us-central1/batchPredictionJobs/',
    'projects/p/locations/us-central1/batchPredictionJobs/1/',
    'projects/p/locations/us-central1/batchPredictionJobs/1/x',
    'projects/p/locations/us-central1/endpoints/1',
    'projects/p/locations/us-central1/toString/1',
    'projects/p/locations/evil.example.com#/customJobs/1',
    'projects/p/locations/US/customJobs/1',
    'projects/../locations/us-central1/customJobs/1',
    'projects/p/locations/us-central1/customJobs/..',
    '//evil.example.com/projects/p/locations/us-central1/customJobs/1',
  ])('is refused as %j, saying the form expected', (name) => {
    expect(() => parseJobName(name)).toThrow(ProviderError);
    expect(() => parseJobName(name)).toThrow(/expected projects\/\{project\}\/locations\/\{location\}\/\{collection\}/);
  });

  it('has a canonical form that is its own canonical form, or is refused with a code', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'projects/locationscustomJobs123-:.') }), (text) => {
        try {
          const name = canonicalJobName(text, PROJECTS);
          expect(canonicalJobName(name, PROJECTS)).toBe(name);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_job_name' });
        }
      }),
    );
  });
});
