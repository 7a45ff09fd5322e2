import type { RecordWithTtl } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBoundedMap } from '../../../async/bounded-map';
import { withTimeout } from '../../../async/with-timeout';
import type { Lookup } from './resolve-target';
import { createSystemNames, type SystemNames } from './system-names';

/**
 * Resolves host names without getaddrinfo: that runs on the four threads which Node.js has for everything, so that four
 * names whose nameserver never answers would stop every webhook, every file and every other look-up of the process.
 * One look-up per name is under way, however many wait for it, and what it found is believed for a short while.
 */
export interface NameResolver {
  /** Resolves to all addresses of a name; rejects where there is none, and after {@link LOOKUP_TIMEOUT_MS}. */
  readonly lookup: Lookup;
  /** Whether the next `lookup` answers at once: waits for up to `waitMs`, and the look-up goes on behind that. */
  isKnown(hostname: string, waitMs: number): Promise<boolean>;
}

/** Leaves time to connect within the default timeout of 15 s. */
export const LOOKUP_TIMEOUT_MS = 4_000;
/** How long an answer is believed: as the nameserver says, within these bounds. */
const FOUND_MS = { min: 1_000, max: 30_000 } as const;
/** How long a failure is believed. After a slow one those that have not waited for it come to read it. */
const FAILED_MS = 2_000;
const FAILED_SLOWLY_MS = 10_000;
const SLOW_MS = 300;
/** How long the second family of addresses is waited for when the first has answered. */
const OTHER_FAMILY_MS = 500;
/** Names remembered at once. */
const MAX_NAMES = 1_000;
/** How long the nameservers of resolv.conf are used before it is read again. */
const SERVERS_MS = 60_000;

export interface NameResolverOptions {
  /** Nameservers as `address:port`. Default: those of the system. */
  readonly servers?: readonly string[];
  readonly names?: SystemNames;
  readonly timeoutMs?: number;
}

interface Found {
  readonly addresses: readonly string[];
  readonly ttlMs: number;
}

/** What a look-up came to. */
type Answer = { readonly addresses: readonly string[] } | { readonly error: Error };

export function createNameResolver(options: NameResolverOptions = {}): NameResolver {
  const { servers, names = createSystemNames(), timeoutMs = LOOKUP_TIMEOUT_MS } = options;
  const known = createBoundedMap<string, { readonly answer: Answer; readonly until: number }>(MAX_NAMES);
  const underWay = new Map<string, Promise<Answer>>();
  const nameservers = createNameservers(servers);

  const resolveNow = async (hostname: string) => resolve(nameservers(), names.candidatesFor(hostname));

  const ask = async (hostname: string): Promise<Answer> => {
    const began = performance.now();
    try {
      // Never settled at once, also where it throws: whoever asks next would be given this answer for ever.
      const { addresses, ttlMs } = await withTimeout(resolveNow(hostname), timeoutMs);
      known.set(hostname, { answer: { addresses }, until: performance.now() + ttlMs });
      return { addresses };
    } catch (cause) {
      const error = new Error(`the name ${hostname} cannot be resolved: ${reasonOf(cause)}`, { cause });
      const now = performance.now();
      const believedMs = now - began > SLOW_MS ? FAILED_SLOWLY_MS : FAILED_MS;
      known.set(hostname, { answer: { error }, until: now + believedMs });
      return { error };
    } finally {
      underWay.delete(hostname);
    }
  };

  const answerFor = (hostname: string): Answer | Promise<Answer> => {
    const listed = names.addressesOf(hostname);
    if (listed) return { addresses: listed };
    const before = known.get(hostname);
    if (before && performance.now() < before.until) return before.answer;
    const current = underWay.get(hostname) ?? ask(hostname);
    underWay.set(hostname, current);
    return current;
  };

  return {
    async lookup(hostname) {
      const answer = await answerFor(hostname);
      if ('error' in answer) throw answer.error;
      return answer.addresses;
    },
    async isKnown(hostname, waitMs) {
      const answer = answerFor(hostname);
      if (!(answer instanceof Promise)) return true;
      return withTimeout(answer, waitMs).then(
        () => true,
        () => false,
      );
    },
  };
}

/** The resolver of c-ares, which uses no thread; made again now and then, because it never reads resolv.conf again. */
function createNameservers(servers?: readonly string[]): () => Resolver {
  let made: { readonly resolver: Resolver; readonly until: number } | undefined;
  return () => {
    if (made && performance.now() < made.until) return made.resolver;
    const resolver = new Resolver({ timeout: 1_000, tries: 3 });
    if (servers) resolver.setServers(servers);
    made = { resolver, until: performance.now() + SERVERS_MS };
    return resolver;
  };
}

/** The first of the names that has addresses. A nameserver that does not answer for one is not asked for the others. */
async function resolve(resolver: Resolver, candidates: readonly string[]): Promise<Found> {
  let failure: unknown;
  for (const name of candidates) {
    const { records, failures } = await recordsOf(resolver, name);
    if (records.length > 0) {
      const ttlMs = 1_000 * Math.min(...records.map(({ ttl }) => ttl));
      const { min, max } = FOUND_MS;
      return { addresses: records.map(({ address }) => address), ttlMs: Math.min(max, Math.max(min, ttlMs)) };
    }
    failure = failures.find((each) => !isNoSuchName(each)) ?? failures[0];
    if (!isNoSuchName(failure)) break;
  }
  throw failure;
}

/** Both families at once. Some nameservers never answer for IPv6: once one has addresses, the other gets a moment. */
async function recordsOf(resolver: Resolver, name: string) {
  const v4: RecordWithTtl[] = [];
  const v6: RecordWithTtl[] = [];
  const failures: unknown[] = [];
  const asked = [
    resolver.resolve4(name, { ttl: true }).then((found) => v4.push(...found)),
    resolver.resolve6(name, { ttl: true }).then((found) => v6.push(...found)),
  ];
  const all = Promise.all(asked.map((each) => each.catch((error) => failures.push(error))));
  const enough = Promise.any(asked).then(
    () => sleep(OTHER_FAMILY_MS, undefined, { ref: false }),
    () => all,
  );
  await Promise.race([all, enough]);
  // IPv4 first: a machine without IPv6 would try in vain to connect to the others.
  return { records: [...v4, ...v6], failures };
}

function isNoSuchName(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return isNoSuchName(error) ? 'it has no address' : (code ?? message);
}
