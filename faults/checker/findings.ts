import type { Ledger } from './ledger';
import { groups, isEnd, jobKey, type ReadArrival, type ReadEvent } from './read-event';
import { identityOf, signatureFault } from './signature';

/** Every accepted job has to end at every endpoint of its, by an attempt that the endpoint took. */
export function lost({ accepted }: Ledger, arrivals: readonly ReadArrival[]): readonly string[] {
  const taken = new Set(
    arrivals.flatMap(({ endpoint, arrival, event }) =>
      arrival.wasTaken && isEnd(event.type) ? [`${endpoint.name} ${jobKey(event)}`] : [],
    ),
  );
  return accepted.flatMap((job) =>
    job.endpoints.map((endpoint) => `${endpoint} ${jobKey(job)}`).filter((pair) => !taken.has(pair)),
  );
}

/**
 * One logical event has one identity, and a job has one end. What a format that has no sequence says of the course of a
 * job cannot be distinguished from the next such report, and is left out.
 */
export function logicalDuplicates(arrivals: readonly ReadArrival[]): readonly string[] {
  const countable = arrivals.filter(({ event }) => isEnd(event.type) || event.sequence !== null);
  const moments = groups(countable, ({ endpoint, event }) => `${endpoint.name} ${jobKey(event)} ${momentOf(event)}`);
  return moments.flatMap(([moment, attempts]) => {
    const ids = new Set(attempts.map(({ arrival }) => arrival.id));
    return ids.size > 1 ? [`${moment} has ${ids.size} identities: ${[...ids].slice(0, 3).join(', ')}`] : [];
  });
}

/** What can be so only once: that a job ended, that it began to run, and each of its further events. */
function momentOf({ type, sequence }: ReadEvent): string {
  if (isEnd(type)) return 'end';
  return type === 'job.running' ? type : `${type} ${sequence}`;
}

/**
 * At one endpoint nothing of a job comes behind what is later, not even another attempt: the next delivery begins when
 * the one before is settled. That an end overtakes what was not delivered leaves a gap, and nothing behind the end.
 */
export function outOfOrder(arrivals: readonly ReadArrival[]): readonly string[] {
  return groups(arrivals, ({ endpoint, event }) => `${endpoint.name} ${jobKey(event)}`).flatMap(([job, attempts]) => {
    let latest = Number.NEGATIVE_INFINITY;
    return attempts.flatMap(({ event: { type, place }, arrival }) => {
      if (place === null) return [];
      if (place < latest) return [`${job}: ${type} (${place}) came behind ${latest}, attempt ${arrival.no}`];
      latest = place;
      return [];
    });
  });
}

/** All attempts of one event in one format have the same bytes, at every endpoint. */
export function bytesThatDiffer(arrivals: readonly ReadArrival[]): readonly string[] {
  return groups(arrivals, ({ endpoint, arrival }) => `${endpoint.format} ${arrival.id}`).flatMap(
    ([event, attempts]) => {
      const bodies = new Set(attempts.map(({ arrival }) => arrival.body.toString('base64')));
      return bodies.size > 1 ? [`${event} had ${bodies.size} bodies in ${attempts.length} attempts`] : [];
    },
  );
}

/** An end is reported as it was, and not before it was. */
export function wrongStates({ truths }: Ledger, arrivals: readonly ReadArrival[]): readonly string[] {
  const truth = new Map(truths.map((one) => [jobKey(one), one]));
  return arrivals.flatMap(({ event, arrival }) => {
    if (!isEnd(event.type)) return [];
    const so = truth.get(jobKey(event));
    if (so === undefined) return [`${jobKey(event)} was reported as ${event.type}, and had not ended`];
    if (so.type !== event.type) return [`${jobKey(event)} was reported as ${event.type}, and is ${so.type}`];
    return arrival.at < so.at ? [`${jobKey(event)} was reported ${so.at - arrival.at} ms before it ended`] : [];
  });
}

/** The identity is the published function of provider, job, key and event type: anybody can compute it. */
export function wrongIdentities({ accepted }: Ledger, arrivals: readonly ReadArrival[]): readonly string[] {
  const keys = new Map(accepted.map((job) => [jobKey(job), job.key ?? identityOf([job.provider, job.job])]));
  return arrivals.flatMap(({ endpoint, arrival, event: { provider, job, type, sequence } }) => {
    const key = keys.get(jobKey({ provider, job }));
    if (key === undefined || (!isEnd(type) && sequence === null)) return [];
    const expected = identityOf([provider, job, key, type, ...(isEnd(type) ? [] : [sequence as number])]);
    return arrival.id === expected ? [] : [`${endpoint.name} ${jobKey({ provider, job })} ${type}: ${arrival.id}`];
  });
}

export function badSignatures(arrivals: readonly ReadArrival[]): readonly string[] {
  return arrivals.flatMap(({ endpoint, arrival }) => {
    const fault = endpoint.secret === null ? undefined : signatureFault(arrival, endpoint.secret);
    return fault === undefined ? [] : [`${endpoint.name} ${arrival.id}: ${fault}`];
  });
}

/** Texts of strangers are cut at 8 KiB, with a word about the rest; a body is never larger than this. */
const MAX_TEXT_BYTES = 8_192 + 40;
const MAX_BODY_BYTES = 512 * 1_024;

/** What is beyond a published bound: a hostile load that was not refused, or not dealt with, as it has to be, and a body. */
export function beyondBounds({ bounds }: Ledger, arrivals: readonly ReadArrival[]): readonly string[] {
  const wrong = bounds
    .filter(({ expected, got }) => got !== expected)
    .map(({ load, what, expected, got }) => `${load}: ${what} came to ${got}, and has to come to ${expected}`);
  const large = arrivals.flatMap(({ endpoint, arrival, event }) => {
    const { message } = JSON.parse(arrival.body.toString()).data ?? {};
    const isLarge = arrival.body.length > MAX_BODY_BYTES || Buffer.byteLength(String(message ?? '')) > MAX_TEXT_BYTES;
    return isLarge ? [`${endpoint.name} ${jobKey(event)} ${event.type} has ${arrival.body.length} bytes`] : [];
  });
  return [...wrong, ...large];
}

/** Nothing is sent about a job that nobody submitted, nor to an endpoint that the job does not name. */
export function unasked({ submitted }: Ledger, arrivals: readonly ReadArrival[]): readonly string[] {
  const asked = new Set(submitted.flatMap((job) => job.endpoints.map((endpoint) => `${endpoint} ${jobKey(job)}`)));
  return arrivals.flatMap(({ endpoint, event }) => {
    const pair = `${endpoint.name} ${jobKey(event)}`;
    return asked.has(pair) ? [] : [pair];
  });
}

/**
 * At a receiver that deduplicates every end of an accepted job has exactly one effect, and no other event more than
 * one. Effects are counted by the job that they are about, so that one under another identity counts too.
 */
export function effectFaults({ endpoints, accepted, effects }: Ledger, arrivals: readonly ReadArrival[]) {
  const eventOf = new Map(arrivals.map(({ endpoint, arrival, event }) => [`${endpoint.name} ${arrival.id}`, event]));
  const counted = new Map(
    groups(effects, ({ endpoint, id }) => {
      const event = eventOf.get(`${endpoint} ${id}`);
      if (event === undefined) return `${endpoint} ${id}, which never came`;
      return `${endpoint} ${jobKey(event)} ${isEnd(event.type) ? 'end' : `${event.type} ${event.sequence}`}`;
    }).map(([event, list]) => [event, list.length]),
  );
  const deduplicating = endpoints.filter(({ effects: file }) => file !== null).map(({ name }) => name);
  const expected = accepted.flatMap((job) =>
    job.endpoints.filter((name) => deduplicating.includes(name)).map((name) => `${name} ${jobKey(job)} end`),
  );
  const none = expected.filter((event) => !counted.has(event));
  const more = [...counted].filter(([, count]) => count > 1);
  return {
    expected: expected.length,
    exactly_one: expected.filter((event) => counted.get(event) === 1).length,
    none: none.length,
    more: more.length,
    faults: [
      ...none.map((event) => `${event} had no effect`),
      ...more.map(([event, count]) => `${event} had ${count} effects`),
    ],
  };
}
