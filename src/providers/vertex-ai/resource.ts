/**
 * What is read of a job resource, whichever kind it is. gRPC delivers int64 as a string, an unknown enum
 * value as a number, an absent text as '' and an absent message as null; REST leaves absent members out
 * and writes timestamps as text. Both are read alike.
 * Source: google/cloud/aiplatform/v1/*.proto.
 */
export interface JobResource {
  readonly name?: string | null;
  readonly state?: string | number | null;
  readonly error?: RpcStatus | null;
  readonly createTime?: Time | null;
  readonly startTime?: Time | null;
  readonly endTime?: Time | null;
  readonly updateTime?: Time | null;

  /** BatchPredictionJob. */
  readonly partialFailures?: readonly RpcStatus[] | null;
  readonly completionStats?: CompletionStats | null;
  readonly outputInfo?: OutputInfo | null;
  /** CustomJob. */
  readonly jobSpec?: { readonly baseOutputDirectory?: GcsDestination | null } | null;
  /** HyperparameterTuningJob. */
  readonly trialJobSpec?: { readonly baseOutputDirectory?: GcsDestination | null } | null;
  /** TuningJob. */
  readonly tunedModel?: { readonly model?: string | null; readonly endpoint?: string | null } | null;
  /** TrainingPipeline: has a name once the model is uploaded. */
  readonly modelToUpload?: { readonly name?: string | null } | null;
  /** PipelineJob. */
  readonly runtimeConfig?: { readonly gcsOutputDirectory?: string | null } | null;
}

/** google.protobuf.Timestamp as gRPC decodes it, or RFC 3339 as REST writes it. */
export type Time = string | { readonly seconds?: string | number | null; readonly nanos?: number | null };

/** google.rpc.Status. */
export interface RpcStatus {
  readonly code?: number | null;
  readonly message?: string | null;
}

export interface CompletionStats {
  readonly successfulCount?: Int64 | null;
  readonly failedCount?: Int64 | null;
  /** -1: unknown. */
  readonly incompleteCount?: Int64 | null;
  readonly successfulForecastPointCount?: Int64 | null;
}

export interface OutputInfo {
  readonly gcsOutputDirectory?: string | null;
  /** `bq://project.dataset` */
  readonly bigqueryOutputDataset?: string | null;
  /** The table's name alone, `predictions_…`. */
  readonly bigqueryOutputTable?: string | null;
  readonly vertexMultimodalDatasetName?: string | null;
}

interface GcsDestination {
  readonly outputUriPrefix?: string | null;
}

type Int64 = string | number;
