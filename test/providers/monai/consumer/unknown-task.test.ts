import {
  createUnknownTaskPatience,
  type WaitingDispatches,
} from '../../../../src/providers/monai/consumer/unknown-task';

const SECOND = 1_000;

/** What it says at each of these times, s, with so many dispatches waiting then. */
async function saidAt(looks: readonly (readonly [seconds: number, count: number])[], hasOtherConsumers = false) {
  let at = 0;
  let count = 0;
  const look = async (): Promise<WaitingDispatches> => ({ count, hasOtherConsumers });
  const mayWait = createUnknownTaskPatience(look, () => at * SECOND);
  const said: boolean[] = [];
  for ([at, count] of looks) said.push(await mayWait());
  return said;
}

describe('a message about a task that nobody knows', () => {
  it('waits as long as dispatches are waiting, for a minute', async () => {
    expect(
      await saidAt([
        [0, 1],
        [30, 1],
        [59, 1],
        [60, 1],
      ]),
    ).toEqual([true, true, true, false]);
  });

  it('is tried once more when the last dispatch is through: the try before it may be older', async () => {
    expect(
      await saidAt([
        [0, 3],
        [5, 0],
        [6, 0],
      ]),
    ).toEqual([true, true, false]);
  });

  it('waits a second where no dispatch is known of', async () => {
    expect(
      await saidAt([
        [0, 0],
        [0.5, 0],
        [1, 0],
      ]),
    ).toEqual([true, true, false]);
  });

  it('counts from the first try that found no task, however long Temporal was away before', async () => {
    expect(
      await saidAt([
        [300, 0],
        [300.5, 0],
        [301, 0],
      ]),
    ).toEqual([true, true, false]);
  });

  it('waits fifteen seconds where another consumer may have the dispatch in hand', async () => {
    expect(
      await saidAt(
        [
          [0, 0],
          [14, 0],
          [15, 0],
        ],
        true,
      ),
    ).toEqual([true, true, false]);
  });
});
