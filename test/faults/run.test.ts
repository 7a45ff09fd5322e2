import { LOADS } from '../../faults/plan/load';
import { lacksReleases } from '../support/stack';
import { runScript } from './run-script';

/** Half a minute each on a machine with nothing else to do. */
jest.setTimeout(600_000);

const SHORT = ['--seed', '11', '--jobs', '24', '--minutes', '0.3', '--systems', 'vertex-ai'];

const RIGHT = {
  ok: true,
  seed: '11',
  accepted: 24,
  lost: 0,
  logical_duplicates: 0,
  out_of_order: 0,
  bytes_differ: 0,
  wrong_states: 0,
  wrong_identities: 0,
  bad_signatures: 0,
  beyond_bounds: 0,
  effects: { expected: 24, exactly_one: 24, none: 0, more: 0 },
  crashes: [],
};

const lacks = lacksReleases();
const itWithReleases = lacks === undefined ? it : it.skip;

describe('npm run faults', () => {
  it('says that nothing is lost, doubled or out of order, and that each effect happened once', async () => {
    const { code, result, stderr } = await runScript('run', SHORT);

    expect({ ...result, stderr }).toMatchObject({ ...RIGHT, temporal: 'sqlite' });
    expect(result['kills']).toBeGreaterThanOrEqual(5);
    expect(Object.keys(result['loads'] as object).sort()).toEqual([...LOADS['vertex-ai']].sort());
    expect(code).toBe(0);
  });

  itWithReleases(
    `says the same where Temporal's server and its PostgreSQL are killed${lacks === undefined ? '' : ` (skipped: ${lacks})`}`,
    async () => {
      const { code, result, stderr } = await runScript('run', [...SHORT, '--temporal', 'postgres']);

      expect({ ...result, stderr }).toMatchObject({ ...RIGHT, temporal: 'postgres' });
      expect(stderr).toContain('SIGKILL postgresql');
      expect(stderr).toContain('SIGKILL temporal');
      expect(code).toBe(0);
    },
  );

  it('catches a build that does not deduplicate', async () => {
    const { code, result } = await runScript('run', [...SHORT, '--broken', 'dedupe']);

    expect(result).toMatchObject({ ok: false, accepted: 24, broken: ['dedupe'], lost: 0 });
    expect((result['effects'] as { more: number }).more).toBeGreaterThan(0);
    expect(code).toBe(1);
  });

  it('catches a build that acknowledges before Temporal has the signal', async () => {
    const broken = ['--broken', 'ack-before-signal', '--patience', '20'];
    const { code, result } = await runScript('run', [...SHORT, ...broken]);

    expect(result).toMatchObject({ ok: false, accepted: 24, broken: ['ack-before-signal'] });
    expect(result['lost']).toBeGreaterThan(0);
    expect(code).toBe(1);
  });
});
