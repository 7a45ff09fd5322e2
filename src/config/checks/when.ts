import type { Fault } from '../fault';

/** The fault where something is wrong, else none: for lists of faults. */
export function when(wrong: boolean, fault: Fault): readonly Fault[] {
  return wrong ? [fault] : [];
}
