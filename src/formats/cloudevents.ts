import type { RenderFormat } from './format';

/**
 * CloudEvents 1.0 in HTTP binary mode: the attributes travel as headers, the body is `data` alone.
 * Source: CloudEvents HTTP Protocol Binding 1.0.2, section 3.1.
 */
export const renderCloudEvent: RenderFormat = ({ id, type, timestamp, data }) => ({
  content_type: 'application/json',
  headers: {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-source': `/jobs/${headerText(data.provider)}`,
    'ce-type': type,
    'ce-time': timestamp,
    'ce-subject': headerText(data.job),
  },
  body: JSON.stringify(data),
});

/** Percent-encodes what may not stand in a header value (section 3.1.3.2 of the binding). */
function headerText(text: string): string {
  return text.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character));
}
