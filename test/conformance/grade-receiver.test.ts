import { signingKey } from '../../src/channels/webhook/sign';
import { openEffects } from '../../src/conformance/effects';
import { type Grade, type GradeOptions, gradeReceiver, RULES } from '../../src/conformance/grade-receiver';
import { FORMATS } from '../../src/formats/vocabulary';
import { eventually } from '../support/eventually';
import { TEST_SECRET } from '../support/test-config';
import {
  aWhile,
  closeReceivers,
  type Parts,
  type RunningReceiver,
  startGoodReceiver,
  startHandmadeReceiver,
} from './receivers';

const WHSK = `whsk_${Buffer.alloc(32, 9).toString('base64')}`;
const NAMES = RULES.map(({ name }) => name);
const REFUSALS = [
  'bad-signature',
  'no-signature',
  'changed-body',
  'wrong-key',
  'stale',
  'future',
  'malformed-timestamp',
];

afterEach(closeReceivers);

async function grade(
  { url, effectsUrl }: RunningReceiver,
  options: Partial<GradeOptions> & { readonly counted?: boolean } = {},
): Promise<readonly Grade[]> {
  const { counted = true, ...others } = options;
  const grades: Grade[] = [];
  const effects = counted ? openEffects(new URL(effectsUrl), { withinMs: 1_000, settleMs: 50 }) : undefined;
  const given = { url: new URL(url), key: signingKey(TEST_SECRET), format: 'standard', userAgent: 'test' } as const;
  for await (const each of gradeReceiver({ ...given, timeoutMs: 5_000, ...others, ...(effects && { effects }) })) {
    grades.push(each);
  }
  return grades;
}

/**
 * Grades a receiver again where it was not graded so at first: what comes of copies that are to meet, and of effects that come later,
 * is another thing on a machine that stands still for so long. What is wrong is so each time.
 */
const graded = (what: string, start: () => Promise<unknown>) =>
  eventually(what, async () => {
    await start();
    return true;
  });

const failed = (grades: readonly Grade[]) => grades.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
const named = (grades: readonly Grade[], name: string) => grades.find((each) => each.name === name);

describe('a good receiver', () => {
  const allKept = NAMES.map((name) => ({ name, verdict: 'pass' }));
  const verdicts = (grades: readonly Grade[]) => grades.map(({ name, verdict }) => ({ name, verdict }));

  it.each(FORMATS)('of jobherald keeps every rule, in the format %s', async (format) => {
    await graded('every rule is kept', async () =>
      expect(verdicts(await grade(await startGoodReceiver(), { format }))).toEqual(allKept),
    );
  });

  it('keeps every rule with an ed25519 key', async () => {
    const receiver = await startGoodReceiver({ secrets: [WHSK] });
    await graded('every rule is kept', async () =>
      expect(verdicts(await grade(receiver, { key: signingKey(WHSK) }))).toEqual(allKept),
    );
  });

  it('keeps every rule though somebody else has written it', async () => {
    await graded('every rule is kept', async () =>
      expect(verdicts(await grade(await startHandmadeReceiver()))).toEqual(allKept),
    );
  });

  it('may ask a concurrent copy to come again', async () => {
    await graded('the copies meet', async () => {
      const grades = await grade(await startGoodReceiver({ work: aWhile }));
      expect(verdicts(grades)).toEqual(allKept);
      expect(named(grades, 'concurrent-duplicate')?.received).toMatch(/409 "busy.*; effects: 1$/);
    });
  });

  it('may do its work after the answer', async () => {
    await graded('every rule is kept', async () => {
      const receiver = await startHandmadeReceiver({ effect: (happen) => void aWhile().then(happen) });
      expect(verdicts(await grade(receiver))).toEqual(allKept);
    });
  });

  it('is not said to have one effect where nobody counts them', async () => {
    const grades = await grade(await startGoodReceiver(), { counted: false });
    expect(failed(grades)).toEqual([]);
    expect(grades.filter(({ verdict }) => verdict === 'warn')).toMatchObject([
      { name: 'duplicate', advice: expect.stringContaining('cannot be seen from outside') },
      { name: 'concurrent-duplicate', advice: expect.stringContaining('--effects-url') },
    ]);
  });
});

describe('a receiver', () => {
  it.each<[string, Partial<Parts>, readonly string[]]>([
    ['believes everything', { isSigned: () => true, isRecent: () => true }, REFUSALS],
    ['does not look at the time', { isRecent: () => true }, ['stale', 'future', 'malformed-timestamp']],
    [
      'reads digits and no further',
      { isRecent: (text) => Math.abs(Date.now() / 1000 - Number.parseInt(text, 10)) <= 300 },
      ['malformed-timestamp'],
    ],
    [
      'compares with NaN',
      { isRecent: (text) => !(Math.abs(Date.now() / 1000 - Number(text)) > 300) },
      ['malformed-timestamp'],
    ],
    [
      'refuses only what is old',
      { isRecent: (text) => /^\d+$/.test(text) && Date.now() / 1000 - Number(text) <= 300 },
      ['future'],
    ],
    ['writes the body again', { signedBody: (body) => JSON.stringify(JSON.parse(body)) }, ['raw-body']],
    [
      'compares the whole header',
      { isSigned: (header, expected) => header === expected },
      ['several-signatures', 'unknown-scheme'],
    ],
    [
      'looks at the first v1 only',
      { isSigned: (header, expected) => header.split(' ').find((entry) => entry.startsWith('v1,')) === expected },
      ['several-signatures'],
    ],
    [
      'knows every scheme or refuses',
      { isSigned: (header, expected) => !/(^| )v[^1]/.test(header) && header.split(' ').includes(expected) },
      ['unknown-scheme'],
    ],
    [
      'passes what has no signature',
      { isSigned: (header, expected) => header === '' || header.split(' ').includes(expected) },
      ['no-signature'],
    ],
    ['forgives a byte of the body', { signedBody: (body) => body.replaceAll('prüFung', 'prüfung') }, ['changed-body']],
    [
      'believes what looks like a signature',
      { isSigned: (header) => header.split(' ').some((entry) => /^v1,[\w+/]{43}=$/.test(entry)) },
      ['bad-signature', 'changed-body', 'wrong-key'],
    ],
    [
      'has a late effect for each copy',
      { duplicate: 'handled again', effect: (happen) => void aWhile().then(happen) },
      ['duplicate', 'concurrent-duplicate'],
    ],
    ['crashes on a bad signature', { refusal: { status: 500 } }, REFUSALS],
    ['says gone to a bad signature', { refusal: { status: 410 } }, REFUSALS],
    ['redirects to a log-in', { refusal: { status: 302, headers: { location: '/login' } } }, REFUSALS],
    ['limits the rate of bad ones', { refusal: { status: 429 } }, REFUSALS],
    [
      'ends deliveries with a bad signature',
      { refusal: { status: 401, headers: { 'webhook-delivery': 'abort-message' } } },
      REFUSALS,
    ],
    ['crashes on a duplicate', { duplicate: { status: 500 } }, ['duplicate', 'concurrent-duplicate']],
    ['calls a duplicate a conflict', { duplicate: { status: 409, headers: { 'retry-after': '5' } } }, ['duplicate']],
    ['handles each copy', { duplicate: 'handled again' }, ['duplicate', 'concurrent-duplicate']],
    [
      'deduplicates by the signature',
      { identity: ({ headers }) => String(headers['webhook-signature']) },
      ['duplicate', 'concurrent-duplicate'],
    ],
    ['looks first and remembers later', { claims: false, pause: aWhile }, ['concurrent-duplicate']],
  ])('that %s breaks those rules and no other', async (_, parts, broken) => {
    await graded('those are broken', async () =>
      expect(failed(await grade(await startHandmadeReceiver(parts)))).toEqual(broken),
    );
  });

  it('that wants nothing twice and does not say when is warned', async () => {
    const grades = await grade(await startHandmadeReceiver({ duplicate: { status: 425 } }));
    expect(named(grades, 'concurrent-duplicate')).toMatchObject({
      verdict: 'warn',
      advice: expect.stringContaining('Retry-After'),
    });
  });

  it('that does not answer what it refuses keeps a sender waiting', async () => {
    await graded('it keeps a sender waiting', async () => {
      const receiver = await startHandmadeReceiver({ refusal: 'none at all' });
      const grades = await grade(receiver, { timeoutMs: 200 });
      expect(failed(grades)).toEqual([...REFUSALS, 'in-time']);
      expect(named(grades, 'stale')?.received).toMatch(/^no answer: timeout after 200ms/);
    });
  });

  it('that is slow is warned', async () => {
    const grades = await grade(await startGoodReceiver(), { slowMs: 0 });
    expect(failed(grades)).toEqual([]);
    expect(named(grades, 'in-time')).toMatchObject({ verdict: 'warn', advice: expect.stringContaining('queue') });
  });

  it('whose count never rises is said to have no effect', async () => {
    const { url } = await startHandmadeReceiver();
    const { effectsUrl } = await startHandmadeReceiver();
    const grades = await grade({ url, effectsUrl });
    expect(failed(grades)).toEqual(['duplicate', 'concurrent-duplicate']);
    expect(named(grades, 'duplicate')?.received).toMatch(/effects: 0$/);
  });
});

describe('one that refuses a good webhook', () => {
  const notTried = NAMES.slice(1).map((name) => ({ name, verdict: 'warn', sent: 'nothing' }));

  it('is sent nothing else, since it would seem to refuse rightly', async () => {
    let requests = 0;
    const receiver = await startHandmadeReceiver({
      first: () => {
        requests += 1;
        return { status: 401 };
      },
    });
    const grades = await grade(receiver);
    expect(grades).toMatchObject([{ name: 'good-signature', verdict: 'fail' }, ...notTried]);
    expect(requests).toBe(1);
  });

  it.each([
    [301, 'a redirect is never followed'],
    [404, 'the path'],
    [429, 'rate limit'],
    [401, 'compare the secret'],
    [500, 'its log'],
  ])('with %d is told: %s', async (status, advice) => {
    const [first] = await grade(await startHandmadeReceiver({ first: () => ({ status }) }), { counted: false });
    expect(first).toMatchObject({ verdict: 'fail', advice: expect.stringContaining(advice) });
  });

  it('because nobody listens is reported so', async () => {
    const receiver = await startHandmadeReceiver();
    await closeReceivers();
    const [first] = await grade(receiver, { counted: false });
    expect(first).toMatchObject({
      verdict: 'fail',
      received: expect.stringContaining('ECONNREFUSED'),
      advice: expect.stringContaining('this URL'),
    });
  });
});

describe('the effects URL', () => {
  it.each(['not a number', '{"count":"7"}', '1.5', ''])(
    'that answers %j is refused before anything is sent',
    async (text) => {
      let requests = 0;
      const { url } = await startHandmadeReceiver({
        first: () => {
          requests += 1;
          return undefined;
        },
      });
      const effectsUrl = `data:text/plain,${encodeURIComponent(text)}`;
      await expect(grade({ url, effectsUrl })).rejects.toMatchObject({ code: 'effects_unreadable' });
      expect(requests).toBe(0);
    },
  );

  it.each([
    ['7', 7],
    ['{"count": 7, "more": true}', 7],
  ])('may answer %s', async (text, count) => {
    expect(await openEffects(new URL(`data:text/plain,${encodeURIComponent(text)}`)).count()).toBe(count);
  });

  it('that is not there is said to be', async () => {
    const { effectsUrl } = await startHandmadeReceiver();
    await closeReceivers();
    await expect(openEffects(new URL(effectsUrl)).count()).rejects.toThrow(/ECONNREFUSED.*must answer GET/);
  });
});
