import { PASSED_THROUGH_EVENT_TYPES } from '../../../src/domain/event-type';
import {
  eventTypeOfName,
  isTencentEventName,
  TENCENT_EVENT_NAMES,
} from '../../../src/providers/tencent-batch/event-name';

describe('the event names of Tencent Batch', () => {
  it('are nineteen', () => {
    expect(new Set(TENCENT_EVENT_NAMES).size).toBe(19);
  });

  it.each([
    ['JOB_RUNNING', 'job.running'],
    ['JOB_SUCCEED', 'job.succeeded'],
    ['JOB_FAILED', 'job.failed'],
    ['JOB_FAILED_INTERRUPTED', 'job.failed'],
  ] as const)('have the word of every provider for %s: %s', (name, type) => {
    expect(eventTypeOfName(name)).toBe(type);
  });

  it('are otherwise our types but for the dot and the letter case', () => {
    const others = TENCENT_EVENT_NAMES.filter((name) => !name.startsWith('JOB_'));
    expect(others.map(eventTypeOfName)).toEqual(PASSED_THROUGH_EVENT_TYPES);
    expect(PASSED_THROUGH_EVENT_TYPES.map((type) => type.replace('.', '_').toUpperCase())).toEqual(others);
  });

  it('differ from our types in letter case', () => {
    expect(['JOB_FAILED', 'job.failed', 'JOB_DONE', 'toString'].filter(isTencentEventName)).toEqual(['JOB_FAILED']);
  });
});
