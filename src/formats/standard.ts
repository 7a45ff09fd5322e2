import type { RenderFormat } from './format';

/** Our own shape: `{type, timestamp, data}`, as Standard Webhooks recommends. */
export const renderStandard: RenderFormat = ({ type, timestamp, data }) => ({
  content_type: 'application/json',
  headers: {},
  body: JSON.stringify({ type, timestamp, data }),
});
