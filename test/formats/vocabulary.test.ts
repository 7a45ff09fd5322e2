import { EVENT_TYPES, TERMINAL_EVENT_TYPES } from '../../src/domain/event-type';
import { canTell, defaultEvents } from '../../src/formats/vocabulary';

describe('the vocabulary of formats', () => {
  it('has every event in our own formats', () => {
    for (const event of EVENT_TYPES) {
      expect([canTell('standard', event), canTell('cloudevents', event)]).toEqual([true, true]);
    }
  });

  it('has only ends in `vertex-ai`', () => {
    expect(EVENT_TYPES.filter((event) => canTell('vertex-ai', event))).toEqual([...TERMINAL_EVENT_TYPES]);
  });

  it('tells ends unless asked for more', () => {
    expect(defaultEvents()).toEqual(TERMINAL_EVENT_TYPES);
  });
});
