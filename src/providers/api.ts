/** What the public API says of systems. It is loaded by clients, so nothing here may load anything. */

/** What `report` takes: the shape in which the state of a job is reported whose provider has no status API. */
export type { StatusReport } from './spec-001/status-data';

/** The provider that examples in help texts and in the OpenAPI document name. */
export const EXAMPLE_PROVIDER = 'vertex-ai';
