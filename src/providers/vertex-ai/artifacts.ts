import type { Artifact } from '../../domain/job-status';
import { type JsonObject, objectAt, textAt } from '../../domain/json';
import type { JobResource } from './job-resource';

/**
 * A job's output. It has two sources: the output that the job reports (in any state), and, for the kinds that report
 * none, the output directory of its request, which counts only once the job has succeeded.
 */
export function toArtifacts(job: JobResource, succeeded: boolean): readonly Artifact[] {
  return [...reported(job), ...(succeeded ? requested(job) : [])];
}

function reported(job: JobResource): readonly Artifact[] {
  const tunedModel = objectAt(job, 'tunedModel');
  return [
    ...predictions(objectAt(job, 'outputInfo')),
    ...artifact('VERTEX_MODEL', textAt(tunedModel, 'model')),
    ...artifact('VERTEX_ENDPOINT', textAt(tunedModel, 'endpoint')),
    // Of a training pipeline, once its model is uploaded.
    ...artifact('VERTEX_MODEL', textAt(objectAt(job, 'modelToUpload'), 'name')),
  ];
}

function requested(job: JobResource): readonly Artifact[] {
  // Of custom jobs and of hyperparameter tuning jobs.
  const directories = ['jobSpec', 'trialJobSpec'].map((spec) => objectAt(objectAt(job, spec), 'baseOutputDirectory'));
  return [
    ...directories.flatMap((directory) => artifact('GCS_DIRECTORY', textAt(directory, 'outputUriPrefix'))),
    ...artifact('GCS_DIRECTORY', textAt(objectAt(job, 'runtimeConfig'), 'gcsOutputDirectory')),
  ];
}

/** `outputInfo` of a batch prediction job. */
function predictions(output: JsonObject): readonly Artifact[] {
  return [
    ...artifact('GCS_DIRECTORY', textAt(output, 'gcsOutputDirectory')),
    ...bigQuery(textAt(output, 'bigqueryOutputDataset'), textAt(output, 'bigqueryOutputTable')),
    ...artifact('VERTEX_DATASET', textAt(output, 'vertexMultimodalDatasetName')),
  ];
}

/** The API returns `bq://project.dataset` and the table's bare name; a fully qualified table is used as it is. */
function bigQuery(dataset: string | undefined, table: string | undefined): readonly Artifact[] {
  if (table?.includes('.')) return artifact('BIGQUERY_TABLE', withScheme(table));
  if (!dataset) return [];
  if (!table) return artifact('BIGQUERY_DATASET', withScheme(dataset));
  return artifact('BIGQUERY_TABLE', `${withScheme(dataset)}.${table}`);
}

function withScheme(path: string): string {
  return path.startsWith('bq://') ? path : `bq://${path}`;
}

function artifact(type: string, uri: string | undefined): readonly Artifact[] {
  return uri ? [{ uri, type }] : [];
}
