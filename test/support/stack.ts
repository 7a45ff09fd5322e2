import { isBuilt, type ReleaseName, releaseFolder } from '../../stack/programs';

export const VERSIONS: Readonly<Record<ReleaseName, string>> = { 'temporal-server': '1.32.0', 'temporal-ui': '2.54.1' };

/**
 * Whether Temporal's real server and Web UI are in the cache, and why not. CI builds no Go: what needs them is skipped by
 * name, and `npm run stack -- --build` makes them, once.
 */
export function lacksReleases(): string | undefined {
  const missing = (Object.entries(VERSIONS) as [ReleaseName, string][])
    .map(([name, version]) => releaseFolder(process.env, name, version))
    .filter((folder) => !isBuilt(folder));
  return missing.length === 0 ? undefined : `${missing.join(' and ')} missing; "npm run stack -- --build" makes them`;
}
