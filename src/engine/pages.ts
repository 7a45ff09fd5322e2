import { isTooLarge } from './temporal-errors';

/** What Temporal answers to a question that is answered page by page. */
interface Page {
  readonly nextPageToken?: Uint8Array | null;
}

/** One request of such a question. */
export interface PageRequest {
  readonly pageSize: number;
  readonly nextPageToken?: Uint8Array;
}

/**
 * Asks for one page after the other, in smaller ones where one is larger than the connection takes: memos and events are as
 * large as outsiders make them.
 * @param sizes how much is asked for at first, and at least
 */
export async function* pagesOf<P extends Page>(
  sizes: { readonly first: number; readonly least: number },
  ask: (request: PageRequest) => Promise<P>,
): AsyncGenerator<P> {
  let pageSize = sizes.first;
  let nextPageToken: Uint8Array | undefined;
  for (;;) {
    let page: P;
    try {
      page = await ask({ pageSize, ...(nextPageToken && { nextPageToken }) });
    } catch (error) {
      if (!isTooLarge(error) || pageSize <= sizes.least) throw error;
      pageSize = Math.ceil(pageSize / 4);
      continue;
    }
    yield page;
    if (!page.nextPageToken?.length) return;
    nextPageToken = page.nextPageToken;
  }
}
