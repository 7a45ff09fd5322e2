import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the system itself says of names: its hosts file, and how its resolver completes short ones. */
export interface SystemNames {
  /** The addresses of a name by the hosts file. */
  addressesOf(hostname: string): readonly string[] | undefined;
  /** The full names that a name may stand for, in the order to ask for them (resolv.conf(5), `search` and `ndots`). */
  candidatesFor(hostname: string): readonly string[];
}

export interface SystemFiles {
  readonly hosts: string;
  readonly resolvConf: string;
}

export const SYSTEM_FILES: SystemFiles = {
  hosts:
    process.platform === 'win32'
      ? join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
      : '/etc/hosts',
  resolvConf: '/etc/resolv.conf',
};

/** Reads both files again when they have changed, as the C library does. */
export function createSystemNames(files: SystemFiles = SYSTEM_FILES): SystemNames {
  const hosts = whenChanged(files.hosts, readHosts);
  const search = whenChanged(files.resolvConf, readSearch);
  return {
    addressesOf: (hostname) => hosts().get(hostname.toLowerCase().replace(/\.$/, '')),
    candidatesFor(hostname) {
      if (hostname.endsWith('.')) return [hostname];
      const { domains, ndots } = search();
      const completed = domains.map((domain) => `${hostname}.${domain}`);
      const dots = hostname.split('.').length - 1;
      return dots >= ndots ? [hostname, ...completed] : [...completed, hostname];
    },
  };
}

/** A file that is missing is as good as an empty one. */
function whenChanged<T>(file: string, read: (text: string) => T): () => T {
  let version = '';
  let value = read('');
  return () => {
    const found = versionOf(file);
    if (found === version) return value;
    version = found;
    try {
      value = read(readFileSync(file, 'utf8'));
    } catch {
      // Removed a moment ago, or not for us to read, for which the operating system's own look-ups take it for empty, too.
      value = read('');
    }
    return value;
  };
}

function versionOf(file: string): string {
  try {
    const { mtimeMs, ino, size } = statSync(file);
    return `${mtimeMs} ${ino} ${size}`;
  } catch {
    return 'missing';
  }
}

function readHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const addresses = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (!address) continue;
    for (const name of names.map((each) => each.toLowerCase())) {
      addresses.set(name, [...(addresses.get(name) ?? []), address]);
    }
  }
  return addresses;
}

function readSearch(text: string): { readonly domains: readonly string[]; readonly ndots: number } {
  let domains: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [key, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    // The last of several counts.
    if (key === 'search' || key === 'domain') domains = values.filter((domain) => domain !== '.').slice(0, 6);
    const option = values.find((value) => value.startsWith('ndots:'));
    if (key === 'options' && option) ndots = Math.min(15, Number(option.slice('ndots:'.length)) || 0);
  }
  return { domains: domains.map((domain) => domain.replace(/\.$/, '')), ndots };
}
