import type { JobEvent } from '../domain/event';
import type { Message } from '../domain/message';
import { shrunkEvents } from '../domain/shrunk-events';
import type { Subscription } from '../domain/subscription';
import { jsonBytes } from '../domain/text-size';
import { render } from './render';

/** An event as its subscribers get it. */
export interface Rendering {
  /** Each distinct body once. */
  readonly bodies: readonly Body[];
  /** All of them together. */
  readonly bytes: number;
}

export interface Body {
  readonly message: Message;
  /** As it stands in a payload. */
  readonly bytes: number;
  readonly subscribers: readonly Subscription[];
}

/** What an event's bodies may take in all; and repeated for each endpoint, as their activities have to. */
export interface Room {
  readonly bytes: number;
  readonly repeatedBytes: number;
}

const KIB = 1024;
/** What the end of a job may take, wherever it is rendered: a history may have 50 MB. */
export const ROOM_OF_END: Room = { bytes: 512 * KIB, repeatedBytes: 12 * KIB * KIB };

/**
 * Renders an event for several subscribers: once for each format, and for each set of vars. What does not fit is shrunk; what
 * would not fit even then is returned as it is.
 */
export function renderWithin(event: JobEvent, subscribers: readonly Subscription[], room: Room): Rendering {
  const groups = groupsOf(subscribers);
  let rendering = renderAll(event, groups);
  for (const smaller of shrunkEvents(event)) {
    if (fits(rendering, room)) break;
    rendering = renderAll(smaller, groups);
  }
  return rendering;
}

export function fits({ bodies, bytes }: Rendering, room: Room): boolean {
  const repeated = bodies.reduce((sum, body) => sum + body.bytes * body.subscribers.length, 0);
  return bytes <= room.bytes && repeated <= room.repeatedBytes;
}

function renderAll(event: JobEvent, groups: readonly (readonly [Subscription, ...Subscription[]])[]): Rendering {
  const bodies = groups.map((subscribers): Body => {
    const message = render(event, subscribers[0]);
    return { message, bytes: jsonBytes(message), subscribers };
  });
  return { bodies, bytes: bodies.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function groupsOf(subscribers: readonly Subscription[]): (readonly [Subscription, ...Subscription[]])[] {
  const groups = new Map<string, [Subscription, ...Subscription[]]>();
  for (const subscriber of subscribers) {
    const { format, vars, selected, source } = subscriber;
    const key = JSON.stringify([format, vars, selected, source]);
    const group = groups.get(key);
    if (group) group.push(subscriber);
    else groups.set(key, [subscriber]);
  }
  return [...groups.values()];
}
