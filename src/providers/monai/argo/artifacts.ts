import type { Artifact } from '../../../domain/job-status';
import type { ArgoArtifact, ArgoLocation, ArgoWorkflow } from './workflow';

/** More than this nobody reads; a workflow may have thousands of nodes. */
const MAX_ARTIFACTS = 100;
/** Argo saves the log of every pod under this name. */
const LOGS = /^main-logs$|-logs$/;

/** What the workflow's nodes have put out, each place once. */
export function toArtifacts({ nodes = {}, artifactRepositoryRef }: ArgoWorkflow['status']): readonly Artifact[] {
  const repository = artifactRepositoryRef?.artifactRepository ?? {};
  const artifacts = Object.values(nodes)
    .flatMap(({ outputs }) => outputs?.artifacts ?? [])
    .filter(({ name = '' }) => !LOGS.test(name))
    .flatMap((artifact) => toArtifact(artifact, repository));
  const byUri = new Map(artifacts.map((artifact) => [artifact.uri, artifact]));
  return [...byUri.values()].slice(0, MAX_ARTIFACTS);
}

function toArtifact({ s3, gcs }: ArgoArtifact, repository: ArgoLocation): readonly Artifact[] {
  const s3Bucket = s3?.bucket ?? repository.s3?.bucket;
  if (s3?.key && s3Bucket) return [{ uri: `s3://${s3Bucket}/${s3.key}`, type: 'S3' }];
  const gcsBucket = gcs?.bucket ?? repository.gcs?.bucket;
  if (gcs?.key && gcsBucket) return [{ uri: `gs://${gcsBucket}/${gcs.key}`, type: 'GCS' }];
  return [];
}
