import type { PollSection } from '../../schemas/types';
import { parseDuration } from '../domain/duration';
import type { PollPace } from '../domain/poll-pace';
import { DEFAULTS } from './defaults';

const { poll: DEFAULT } = DEFAULTS;

export function resolvePoll(section: PollSection = {}): PollPace {
  return {
    firstMs: section.first === undefined ? DEFAULT.firstMs : parseDuration(section.first),
    factor: section.factor ?? DEFAULT.factor,
    maxMs: section.max === undefined ? DEFAULT.maxMs : parseDuration(section.max),
    lostAfterMs: section.lost_after === undefined ? DEFAULT.lostAfterMs : parseDuration(section.lost_after),
  };
}
