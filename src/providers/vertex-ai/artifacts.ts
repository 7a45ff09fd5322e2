import type { Artifact } from '../../domain/job-status';
import type { JobResource, OutputInfo } from './job-resource';

/**
 * A job's output. It has two sources: the output that the job reports (in any state), and, for the kinds that report
 * none, the output directory of its request, which counts only once the job has succeeded.
 */
export function toArtifacts(job: JobResource, succeeded: boolean): readonly Artifact[] {
  return [...reported(job), ...(succeeded ? requested(job) : [])];
}

function reported({ outputInfo, tunedModel, modelToUpload }: JobResource): readonly Artifact[] {
  return [
    ...(outputInfo ? predictions(outputInfo) : []),
    ...artifact('VERTEX_MODEL', tunedModel?.model),
    ...artifact('VERTEX_ENDPOINT', tunedModel?.endpoint),
    ...artifact('VERTEX_MODEL', modelToUpload?.name),
  ];
}

function requested({ jobSpec, trialJobSpec, runtimeConfig }: JobResource): readonly Artifact[] {
  return [
    ...artifact('GCS_DIRECTORY', jobSpec?.baseOutputDirectory?.outputUriPrefix),
    ...artifact('GCS_DIRECTORY', trialJobSpec?.baseOutputDirectory?.outputUriPrefix),
    ...artifact('GCS_DIRECTORY', runtimeConfig?.gcsOutputDirectory),
  ];
}

function predictions(output: OutputInfo): readonly Artifact[] {
  return [
    ...artifact('GCS_DIRECTORY', output.gcsOutputDirectory),
    ...bigQuery(output.bigqueryOutputDataset, output.bigqueryOutputTable),
    ...artifact('VERTEX_DATASET', output.vertexMultimodalDatasetName),
  ];
}

/** The API returns `bq://project.dataset` and the table's bare name; a fully qualified table is used as it is. */
function bigQuery(dataset: string | null | undefined, table: string | null | undefined): readonly Artifact[] {
  if (table?.includes('.')) return artifact('BIGQUERY_TABLE', withScheme(table));
  if (!dataset) return [];
  if (!table) return artifact('BIGQUERY_DATASET', withScheme(dataset));
  return artifact('BIGQUERY_TABLE', `${withScheme(dataset)}.${table}`);
}

function withScheme(path: string): string {
  return path.startsWith('bq://') ? path : `bq://${path}`;
}

function artifact(type: string, uri: string | null | undefined): readonly Artifact[] {
  return uri ? [{ uri, type }] : [];
}
