import type { ProcessJudgement } from '../../faults/soak/judge';
import { runScript } from './run-script';

jest.setTimeout(600_000);

test('npm run soak reports that memory and open handles are flat at the end, and every job notified once', async () => {
  const args = [
    '--seed',
    '3',
    '--minutes',
    '1.2',
    '--rate',
    '1',
    '--every',
    '2',
    '--systems',
    'vertex-ai',
    '--search',
    '0',
  ];
  const { code, result, stderr } = await runScript('soak', args);

  const processes = (result['processes'] ?? []) as readonly ProcessJudgement[];
  expect(processes.filter(({ is_flat }) => !is_flat)).toEqual([]);
  expect({ ...result, stderr }).toMatchObject({
    ok: true,
    lost: 0,
    logical_duplicates: 0,
    out_of_order: 0,
    flat: true,
  });
  expect(processes.map(({ process }) => process)).toEqual(
    expect.arrayContaining(['worker-1', 'worker-2', 'gateway-1', 'gateway-2', 'temporal']),
  );
  expect(processes.every(({ samples }) => samples > 8)).toBe(true);
  expect(code).toBe(0);
});
