import type { NetworkConfig } from '../../../config/config';
import { checkUrl } from './guard-url';
import { vetLiteral } from './resolve-and-vet';

/** What a webhook URL means for every attempt that is made to it. */
export type Target =
  | {
      readonly ok: true;
      readonly url: URL;
      /** Scheme, host and port. */
      readonly origin: string;
      /** Path and query. */
      readonly path: string;
      /** Those that may be dialled, of an IP address or `localhost`; undefined for a name, which DNS may move. */
      readonly addresses: readonly string[] | undefined;
    }
  | { readonly ok: false; readonly reason: string };

/** Endpoints are few, attempts many. Bounded, for inline endpoints come from outside. */
const MAX_TARGETS = 1024;

/** By network rule, which is frozen and lives long, and URL: the verdict is a function of both and of nothing else. */
const targets = new WeakMap<NetworkConfig, Map<string, Target>>();

/** Judges a webhook URL as {@link checkUrl} and {@link vetLiteral} do, and remembers what it found. */
export function targetOf(text: string, network: NetworkConfig): Target {
  const known = targets.get(network)?.get(text);
  if (known !== undefined) return known;
  const target = judge(text, network);
  const ofNetwork = targets.get(network) ?? new Map<string, Target>();
  if (ofNetwork.size >= MAX_TARGETS) ofNetwork.clear();
  targets.set(network, ofNetwork.set(text, target));
  return target;
}

function judge(text: string, network: NetworkConfig): Target {
  const check = checkUrl(text, network);
  if (!check.ok) return check;
  const { url } = check;
  const vetted = vetLiteral(url, network);
  if (vetted?.ok === false) return vetted;
  return { ok: true, url, origin: url.origin, path: url.pathname + url.search, addresses: vetted?.addresses };
}
