import { formatDuration } from '../../domain/duration';
import type { PollPace } from '../../domain/poll-pace';
import { BOUNDS } from '../defaults';
import type { Fault } from '../fault';
import { when } from './when';

/** @param at pointer of the section */
export function checkPoll(at: string, { firstMs, maxMs }: PollPace): readonly Fault[] {
  return [
    ...when(firstMs < BOUNDS.minPollMs, {
      pointer: `${at}/first`,
      text: `must be ${formatDuration(BOUNDS.minPollMs)} or more`,
    }),
    ...when(firstMs > maxMs, {
      pointer: `${at}/first`,
      text: `must not be longer than max, which is ${formatDuration(maxMs)}`,
    }),
  ];
}
