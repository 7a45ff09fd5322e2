import type { HttpServiceConfig } from '../../../src/providers/http/config/http-config';
import { createHttpProvider } from '../../../src/providers/http/provider';
import type { Provider } from '../../../src/providers/provider';
import type { ListedJob, ListRequest } from '../../../src/providers/watching';
import { configOf } from '../../config/faults-of';
import { listedPages } from '../listed-pages';
import { type StatusService, startStatusService } from './status-service';

let service: StatusService;
const opened: Provider[] = [];

beforeAll(async () => {
  service = await startStatusService({ header: 'authorization', value: 'Bearer a-long-key' });
});
beforeEach(() => {
  service.answer();
  service.seen.splice(0);
});
afterEach(() => Promise.all(opened.splice(0).map((provider) => provider.close())));
afterAll(() => service.close());

/** A service with this `list` beside its url, as a configuration has it. */
function open(list: string, rest = ''): Provider {
  const yaml = `
credentials: { mine: a-long-key }
providers:
  http:
    mine:
      url: ${service.origin}/jobs/{job}
      headers: { authorization: "Bearer {mine}" }
      job_pattern: job-[0-9]+
      state: { pointer: /status, map: { busy: RUNNING, done: COMPLETED }, rules: [{ pointer: /gone, present: true, state: FAILED }] }
      ended_at: /finished
      list: ${list}
      ${rest}
`;
  const provider = createHttpProvider(configOf(yaml).providers.http[0] as HttpServiceConfig, { warn: () => undefined });
  opened.push(provider);
  return provider;
}

const list = (provider: Provider, request: Partial<ListRequest> = {}) =>
  listedPages(provider, { scope: 'mine', jobs: ['job-1'], ...request });

const ids = (pages: readonly (readonly ListedJob[])[]) => pages.map((page) => page.map(({ job }) => job));
const HOUR = 3_600_000;
const ago = (hours: number) => Math.floor((Date.now() - hours * HOUR) / 1000);

const CURSOR = (origin = service.origin) =>
  `{ url: "${origin}/jobs?limit=2", items: /data, id: /id, created_at: /created, next: { pointer: /last, parameter: after, more: /has_more }, order: newest_first }`;

/** Pages of two jobs each, by cursor: job-6 to job-1, the newest first and an hour apart. */
function putPages(): void {
  service.answer((response, { url }) => {
    const after = Number(/after=job-(\d+)/.exec(url)?.[1] ?? 7);
    const data = [after - 1, after - 2].map((id) => ({ id: `job-${id}`, status: 'busy', created: ago(7 - id) }));
    const body = { data, last: `job-${after - 2}`, has_more: after > 3 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

describe('the list of a service', () => {
  it('is read page by page, each with the headers of its GET', async () => {
    putPages();
    expect(ids(await list(open(CURSOR())))).toEqual([
      ['job-6', 'job-5'],
      ['job-4', 'job-3'],
      ['job-2', 'job-1'],
    ]);
    expect(service.seen.map(({ url }) => url)).toEqual([
      '/jobs?limit=2',
      '/jobs?limit=2&after=job-5',
      '/jobs?limit=2&after=job-3',
    ]);
    expect(service.seen.every(({ headers }) => headers.authorization === 'Bearer a-long-key')).toBe(true);
  });

  it('asks for the next page when it is pulled', async () => {
    putPages();
    const { signal } = new AbortController();
    const pages = open(CURSOR()).watching?.list?.({ scope: 'mine', jobs: ['job-1'], tracked: [], signal });
    await pages?.next();
    expect(service.seen).toHaveLength(1);
    await pages?.next();
    expect(service.seen).toHaveLength(2);
  });

  it('is read back to the age of the oldest open job, and not only to the first one that is known', async () => {
    putPages();
    const jobs = ['job-6', 'job-4'];
    expect(await list(open(CURSOR()), { jobs, oldest: Date.now() - 3 * HOUR })).toHaveLength(2);
    expect(await list(open(CURSOR()), { jobs, oldest: Date.now() - 6 * HOUR })).toHaveLength(3);
  });

  it('is read back to where tracking began, too', async () => {
    putPages();
    const track = 'track: { auto: true, scopes: [mine] }';
    const request = { jobs: [], tracked: ['mine'], createdSince: Date.now() - 1.5 * HOUR };
    expect(await list(open(CURSOR(), track), request)).toHaveLength(1);
    expect(
      await list(open(CURSOR(), track), { ...request, jobs: ['job-1'], oldest: Date.now() - 6 * HOUR }),
    ).toHaveLength(3);
  });

  it('is read to its end where it says that it is newest first and is not', async () => {
    const data = (created: number[]) =>
      created.map((hours, index) => ({ id: `job-${index + 1}`, created: ago(hours) }));
    service.answer((response, { url }) => {
      const body = url.includes('after=')
        ? { data: data([0, 1]), has_more: false }
        : { data: data([50, 2, 60]), last: 'x', has_more: true };
      response.writeHead(200).end(JSON.stringify(body));
    });
    expect(await list(open(CURSOR()), { oldest: Date.now() - HOUR })).toHaveLength(2);
  });

  it('is read to its end where it has no order', async () => {
    putPages();
    const unordered = CURSOR().replace(', order: newest_first', '');
    expect(await list(open(unordered), { oldest: Date.now() })).toHaveLength(3);
  });

  it('may name the last item in place of a cursor', async () => {
    putPages();
    const list_ = CURSOR().replace('pointer: /last, ', '');
    expect(ids(await list(open(list_)))[2]).toEqual(['job-2', 'job-1']);
  });

  it.each([
    ['relative', '?page=2'],
    ['absolute on the same origin', () => `${service.origin}/jobs?page=2`],
  ])('may link its next page, %s', async (_, link) => {
    service.put('/jobs', {
      results: [{ id: 'job-1', status: 'busy' }],
      next: link instanceof Function ? link() : link,
    });
    const linked = open(`{ url: "${service.origin}/jobs", items: /results, id: /id, next: { pointer: /next } }`);
    const pages = linked.watching?.list?.({
      scope: 'mine',
      jobs: ['job-1'],
      tracked: [],
      signal: new AbortController().signal,
    });
    await pages?.next();
    await pages?.next();
    expect(service.seen.map(({ url }) => url)).toEqual(['/jobs', '/jobs?page=2']);
    // The second page links itself: no list goes round in circles.
    await expect(pages?.next()).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('again'),
    });
  });

  it('never takes its credentials to another origin', async () => {
    service.put('/jobs', { results: [], next: 'https://elsewhere.example/jobs' });
    const linked = open(`{ url: "${service.origin}/jobs", items: /results, id: /id, next: { pointer: /next } }`);
    await expect(list(linked)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('outside its own origin; check providers.http.mine.list.next'),
    });
    expect(service.seen).toHaveLength(1);
  });

  it('maps states as the GET does, unknown ones to RUNNING, and leaves out what is no job', async () => {
    service.put('/jobs', [
      { id: 'job-1', status: 'busy', created: '2026-03-01T00:00:00Z' },
      { id: 'job-2', status: 'done', finished: 1772323200 },
      { id: 'job-3', status: 'napping' },
      { id: 'job-4', status: 'busy', gone: 1 },
      { id: 'report-5', status: 'busy' },
    ]);
    const whole = open(`{ url: "${service.origin}/jobs", items: "", id: /id, created_at: /created }`);
    expect((await list(whole)).flat()).toEqual([
      { key: 'job-1', job: 'job-1', state: 'RUNNING', created_at: '2026-03-01T00:00:00.000Z', ended_at: null },
      { key: 'job-2', job: 'job-2', state: 'COMPLETED', created_at: null, ended_at: '2026-03-01T00:00:00.000Z' },
      { key: 'job-3', job: 'job-3', state: 'RUNNING', created_at: null, ended_at: null, isUnknown: true },
      { key: 'job-4', job: 'job-4', state: 'FAILED', created_at: null, ended_at: null },
    ]);
    expect(whole.watching?.keyOf('job-1')).toBe('job-1');
  });

  it.each([
    [401, 'permission_denied', undefined],
    [404, 'unsupported', undefined],
    [429, 'unavailable', 7_000],
    [503, 'unavailable', 7_000],
    [302, 'unavailable', undefined],
  ])('is refused with HTTP %d: %s', async (status, code, retryAfterMs) => {
    service.answer((response) => response.writeHead(status, retryAfterMs ? { 'retry-after': '7' } : {}).end('no'));
    await expect(list(open(CURSOR()))).rejects.toMatchObject({ code, retryAfterMs });
  });

  it('is no list where items finds something else', async () => {
    service.put('/jobs', { data: { id: 'job-1' } });
    await expect(list(open(CURSOR()))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('check providers.http.mine.list.items'),
    });
  });
});

describe('jobherald check', () => {
  const check = (provider: Provider) => provider.check(new AbortController().signal);

  it('tries the list', async () => {
    service.put('/jobs', { data: [{ id: 'job-1', status: 'busy' }] });
    await expect(check(open(CURSOR()))).resolves.toContain('lists 1 jobs on its first page');
  });

  it('fails only where a list that it may not read is to find jobs', async () => {
    service.answer((response, { url }) => response.writeHead(url === '/' ? 404 : 403).end('{}'));
    await expect(check(open(CURSOR()))).resolves.toContain(
      'asks about jobs one by one, because mine refuses to list jobs',
    );
    const tracking = open(CURSOR(), 'track: { auto: true, scopes: [mine] }');
    await expect(check(tracking)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
