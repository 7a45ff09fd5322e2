import type { Provider } from '../../src/providers/provider';
import type { ListedJob, ListRequest } from '../../src/providers/watching';

/** Every page of a provider's LIST of a scope, as a sweep would pull them. */
export async function listedPages(
  { watching }: Pick<Provider, 'watching'>,
  request: Partial<ListRequest> = {},
): Promise<readonly (readonly ListedJob[])[]> {
  const pages: (readonly ListedJob[])[] = [];
  const { signal } = new AbortController();
  for await (const page of watching?.list?.({ scope: '', jobs: [], tracked: [], signal, ...request }) ?? []) {
    pages.push(page);
  }
  return pages;
}
