import type { Config } from '../config/config';
import { createHttpProvider } from './http/provider';
import { createMonaiProvider } from './monai/provider';
import type { Provider, ProviderOptions } from './provider';
import { createSpec001Provider } from './spec-001/provider';
import { createTencentBatchProvider } from './tencent-batch/provider';
import { createVertexAiProvider } from './vertex-ai/provider';

/** Every provider, by name. A new system is one folder and one line here. */
export function createProviders(config: Config, options: ProviderOptions): ReadonlyMap<string, Provider> {
  const providers = [
    createVertexAiProvider(config.providers['vertex-ai'], options),
    createTencentBatchProvider(config.providers['tencent-batch'], options),
    ...(config.providers.monai.enabled ? [createMonaiProvider(config.providers.monai, options)] : []),
    createSpec001Provider(config.providers['spec-001']),
    ...config.providers.http.map((service) => createHttpProvider(service, options)),
  ];
  return new Map(providers.map((provider) => [provider.name, provider]));
}
