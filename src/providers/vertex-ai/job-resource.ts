/**
 * The members of a job resource that are read, for all kinds of jobs. gRPC delivers int64 as a string, an unknown enum
 * value as a number, an absent text as '' and an absent message as null; REST omits absent members and writes
 * timestamps as text. Both forms are accepted.
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
  /** TrainingPipeline. It has a name once the model is uploaded. */
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

/**
 * RFC 3339 in UTC with 0, 3, 6 or 9 fractional digits, as protobuf's JSON mapping writes a Timestamp
 * (https://protobuf.dev/programming-guides/json/), so that gRPC and REST give the same text.
 */
export function toRfc3339(time: Time | null | undefined): string | null {
  if (!time) return null;
  if (typeof time === 'string') return time;
  const date = new Date(Number(time.seconds ?? 0) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  return date.toISOString().replace(/\.\d+Z$/, `${fraction(time.nanos ?? 0)}Z`);
}

function fraction(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}

/** The number of an int64; undefined where it is unknown (negative) or not a number. */
export function countOf(value: Int64 | null | undefined): number | undefined {
  if (value == null || value === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
