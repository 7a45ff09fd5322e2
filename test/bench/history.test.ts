import { measureHistory } from '../../bench/history';
import { eventually } from '../support/eventually';

describe('the history of a run', () => {
  it('takes 22 events for a job, to one endpoint or to ten, and none for a sweep or an attempt', async () => {
    // A machine that stalls adds a workflow task here and there; a run that needs more by itself needs it each time.
    await eventually('it takes so many', async () => {
      const sizes = await measureHistory();
      expect(sizes.one_endpoint.events).toBe(22);
      expect(sizes.ten_endpoints.events).toBe(22);
      expect(sizes.per_question_of_a_sweep).toEqual({ events: 0, bytes: 0 });
      expect(sizes.per_delivery_attempt).toEqual({ events: 0, bytes: 0 });
      expect(sizes.first_heartbeat.events).toBe(5);
      expect(sizes.per_later_heartbeat.events).toBe(4);
      return true;
    });
  });
});
