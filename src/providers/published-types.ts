/** The types of the systems' own bodies that `jobherald` exports. */
export type { TencentBatchEvent, TencentNotification, VertexAiEvent } from '../../schemas/types';
/** What `report` takes. */
export type { StatusReport } from './spec-001/status-data';
