import { EVENT_TYPES, TERMINAL_EVENT_TYPES } from '../../src/domain/event-type';
import { defaultEvents, supportsEvent } from '../../src/formats/vocabulary';

describe('the vocabulary of formats', () => {
  it('has every event in our own formats', () => {
    for (const event of EVENT_TYPES) {
      expect([supportsEvent('standard', event), supportsEvent('cloudevents', event)]).toEqual([true, true]);
    }
  });

  it('has only ends in `vertex-ai`', () => {
    expect(EVENT_TYPES.filter((event) => supportsEvent('vertex-ai', event))).toEqual([...TERMINAL_EVENT_TYPES]);
  });

  it('subscribes to ends by default', () => {
    expect(defaultEvents('standard')).toEqual(TERMINAL_EVENT_TYPES);
    expect(defaultEvents('tencent-batch')).toEqual(TERMINAL_EVENT_TYPES);
  });

  it('subscribes to the course too by default in the formats of systems that follow it', () => {
    expect(defaultEvents('monai')).toEqual(['job.running', ...TERMINAL_EVENT_TYPES]);
    expect(defaultEvents('spec-001')).toEqual(['job.running', 'job.progress', ...TERMINAL_EVENT_TYPES]);
  });
});
