import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config';
import { http } from './http/system';
import { monai } from './monai/system';
import type { Provider, ProviderOptions } from './provider';
import { spec001 } from './spec-001/system';
import type { System, SystemName } from './system';
import { tencentBatch } from './tencent-batch/system';
import { vertexAi } from './vertex-ai/system';

/** Every system. A new one is one folder and one line here (and one in workflow-registry.ts, for a format of its own). */
const ALL = [vertexAi, tencentBatch, monai, spec001, http] as const;

type Registered = (typeof ALL)[number];

/** `providers` of the configuration: the section of each system, by its name. */
export type ProvidersConfig = {
  readonly [S in Registered as S['name']]: S extends System<S['name'], infer C> ? C : never;
};

/** The systems, for code that knows none of them by name: to each belongs `config.providers[system.name]`. */
export const SYSTEMS: readonly System<SystemName, unknown>[] = ALL;

/** The systems that a configuration is for: those it has something to say of, and without any the one that needs no section. */
export function configuredSystems(config: Config): readonly System<SystemName, unknown>[] {
  const { providers } = config;
  const anyIsUsed = SYSTEMS.some((system) => system.config.isUsed(providers[system.name]));
  return SYSTEMS.filter(({ name, config: section }) => {
    if (section.isDefault && !anyIsUsed) return true;
    return !isDeepStrictEqual(providers[name], section.resolve(undefined, config));
  });
}

/** The shape in which the state of a job is reported whose provider has no status API. */
export { statusReport } from './spec-001/status-data';

/** Every provider that the configuration makes, by name. */
export function createProviders({ providers }: Config, options: ProviderOptions): ReadonlyMap<string, Provider> {
  const all = SYSTEMS.flatMap((system) => system.createProviders(providers[system.name], options));
  return new Map(all.map((provider) => [provider.name, provider]));
}
