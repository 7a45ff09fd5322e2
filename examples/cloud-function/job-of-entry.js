'use strict';

const JOB =
  /^projects\/[^/]+\/locations\/[^/]+\/(?:batchPredictionJobs|customJobs|hyperparameterTuningJobs|tuningJobs|trainingPipelines|pipelineJobs|nasJobs)\/[^/]+$/;

/**
 * The job that a Cloud Logging entry is about, or undefined: named by `protoPayload.resourceName`, by
 * `protoPayload.response.name` (a Create's resourceName may be the parent), else by the labels of a PipelineJob.
 *
 * @param {any} entry
 * @returns {string | undefined}
 */
function jobOfEntry(entry) {
  const candidates = [
    entry?.protoPayload?.resourceName,
    entry?.protoPayload?.response?.name,
    pipelineJob(entry?.resource?.labels),
  ];
  return candidates.find((name) => typeof name === 'string' && JOB.test(name));
}

/** @param {any} labels */
function pipelineJob(labels) {
  if (!labels?.pipeline_job_id) return undefined;
  return `${labels.resource_container}/locations/${labels.location}/pipelineJobs/${labels.pipeline_job_id}`;
}

module.exports = { jobOfEntry };
