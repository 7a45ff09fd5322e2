import type { Artifact } from '../../domain/job-status';
import type { JobResource, OutputInfo } from './resource';

/**
 * Where a job left its output. Two sources: what the job says it wrote (any state), and, for the kinds that say
 * nothing of the sort, the directory it was told to write to, believed only of a job that succeeded.
 */
export function toArtifacts(job: JobResource, succeeded: boolean): readonly Artifact[] {
  return [...written(job), ...(succeeded ? toldToWrite(job) : [])];
}

function written({ outputInfo, tunedModel, modelToUpload }: JobResource): readonly Artifact[] {
  return [
    ...(outputInfo ? predictions(outputInfo) : []),
    ...artifact('VERTEX_MODEL', tunedModel?.model),
    ...artifact('VERTEX_ENDPOINT', tunedModel?.endpoint),
    ...artifact('VERTEX_MODEL', modelToUpload?.name),
  ];
}

function toldToWrite({ jobSpec, trialJobSpec, runtimeConfig }: JobResource): readonly Artifact[] {
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

/** The API tells `bq://project.dataset` and the table's bare name; a table that is told in full is taken as it is. */
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
