import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { listJobs } from '../../src/engine/job-list';
import { aSubmission, type EngineWithoutWorker, engineWithoutWorker, refusal } from '../support/engine-without-worker';
import { eventually } from '../support/eventually';

let engine: EngineWithoutWorker;

beforeAll(async () => {
  engine = await engineWithoutWorker();
});
afterAll(() => engine.close());

describe('list, straight to Temporal with no worker up', () => {
  it('pages through all there is, each job once', async () => {
    const label = `page-${randomUUID()}`;
    const names = Array.from({ length: 5 }, (_, i) => `${label}-${i}`);
    await Promise.all(names.map((job) => engine.jobs.submit(aSubmission({ job }))));
    const query = `WorkflowId STARTS_WITH 'scripted/${label}'`;
    await eventually('all five are in the list', async () => (await engine.jobs.list({ query })).jobs.length === 5);

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await engine.jobs.list({ query, limit: 2, cursor });
      expect(page.jobs.length).toBeLessThanOrEqual(2);
      for (const { run_started_at } of page.jobs)
        expect(Date.parse(run_started_at ?? '')).toBeLessThanOrEqual(Date.now());
      seen.push(...page.jobs.map(({ job }) => job));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen.sort()).toEqual(names);
  });

  it('keeps a query with OR among the jobs', async () => {
    const other = `other-${randomUUID()}`;
    await engine.client.workflow.start('somethingElse', { taskQueue: 'nobody', workflowId: other });
    const { job } = await engine.jobs.submit(aSubmission());
    const query = `WorkflowId='${other}' OR WorkflowId='${job.workflow_id}'`;
    const listed = await eventually('the job is in the list', async () => {
      const page = await engine.jobs.list({ query });
      return page.jobs.length > 0 && page.jobs;
    });
    await eventually('the other workflow is in the index', async () => {
      for await (const execution of engine.client.workflow.list({ query: `WorkflowId='${other}'` })) return execution;
      return undefined;
    });
    expect(listed.map(({ workflow_id }) => workflow_id)).toEqual([job.workflow_id]);
    expect((await engine.jobs.list({ query })).jobs).toHaveLength(1);
  });

  it('shows nothing but jobs, whatever the parser of the query makes of it', async () => {
    const info = (name: string) => ({ type: { name }, execution: { workflowId: `a/${name}`, runId: 'r' } });
    const client = {
      options: { namespace: 'default', loadedDataConverter: engine.client.options.loadedDataConverter },
      workflowService: {
        listWorkflowExecutions: async () => ({ executions: ['job', 'endpointPause', 'notice'].map(info) }),
      },
    } as unknown as Client;
    const { jobs } = await listJobs(client, { ui: '', retentionMs: 0 }, {});
    expect(jobs.map(({ workflow_id }) => workflow_id)).toEqual(['a/job']);
  });

  it.each([
    ['closes what it did not open', "JobState='PENDING') OR (WorkflowType!='job'"],
    ['hides parentheses in a comment', "/* ( */ JobState='x') OR (WorkflowType!='job' /* ) */"],
    ['ends in a comment', "JobState='PENDING' --"],
    ['hides parentheses in the other comment', "JobState='x' //((\n) OR (WorkflowType!='job' //)\n"],
    ['hides a parenthesis behind an escaped line break', "JobState='\\\n') OR (WorkflowType!='job' AND JobState!='('"],
    ['opens what it does not close', "(JobState='PENDING'"],
    ['is no query', 'state is pending'],
    ['names an attribute that is not there', "Nonsense='x'"],
    ['has a string without an end', "JobState='PENDING"],
  ])('refuses a query that %s', async (_, query) => {
    const error = await refusal(engine.jobs.list({ query }));
    expect([error.code, error.status]).toEqual(['bad_request', 400]);
  });

  it('takes parentheses within strings for text', async () => {
    expect((await engine.jobs.list({ query: "WorkflowId='scripted/a)b('" })).jobs).toEqual([]);
    expect((await engine.jobs.list({ query: 'WorkflowId="scripted/a)b"' })).jobs).toEqual([]);
  });

  it('refuses a cursor that it did not give', async () => {
    expect((await refusal(engine.jobs.list({ cursor: 'bm9uc2Vuc2U' }))).code).toBe('bad_request');
  });

  it('refuses the cursor of another query', async () => {
    const label = `cursor-${randomUUID()}`;
    await Promise.all([1, 2].map((i) => engine.jobs.submit(aSubmission({ job: `${label}-${i}` }))));
    const query = `WorkflowId STARTS_WITH 'scripted/${label}'`;
    await eventually('both are in the list', async () => (await engine.jobs.list({ query })).jobs.length === 2);
    const cursor = (await engine.jobs.list({ query, limit: 1 })).next_cursor ?? '';
    expect((await engine.jobs.list({ query, cursor })).jobs).toHaveLength(1);
    expect((await refusal(engine.jobs.list({ cursor }))).code).toBe('bad_request');
  });
});
