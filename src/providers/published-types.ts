/** The types of the systems' own bodies that `jobherald` exports. */
export type { TencentBatchEvent, TencentNotification, VertexAiEvent } from '../../schemas/types';
