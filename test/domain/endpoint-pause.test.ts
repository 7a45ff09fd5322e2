import fc from 'fast-check';
import { beginsAfterResume } from '../../src/domain/endpoint-pause';

describe('deliveries that waited for a paused endpoint', () => {
  it('begin within a minute of its resuming, the longer they waited the sooner', () => {
    const times = fc.tuple(fc.nat(10 ** 9), fc.nat(10 ** 9), fc.nat(10 ** 9));
    fc.assert(
      fc.property(times, ([pause, one, other]) => {
        const [older, younger] = one < other ? [one, other] : [other, one];
        const first = beginsAfterResume(older, 0, pause);
        const second = beginsAfterResume(younger, 0, pause);
        expect(first).toBeLessThanOrEqual(second);
        expect(second - pause).toBeLessThanOrEqual(60_000);
        expect(first).toBeGreaterThanOrEqual(pause);
      }),
    );
  });
});
