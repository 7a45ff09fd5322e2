import { eventually } from './eventually';
import { saidByBins } from './jobherald';

/** Asks until an HTTP server at `url` answers with `status`; resolves with the body. */
export function answersWith(status: number, url: string, withinMs = 120_000): Promise<string> {
  return eventually(
    `${url} answers ${status}`,
    async () => {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      const body = await response.text();
      if (response.status !== status) throw new Error(`it answers ${response.status}: ${body}`);
      return body || ' ';
    },
    { withinMs, show: saidByBins },
  );
}
