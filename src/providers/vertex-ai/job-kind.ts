import type { Collection } from './job-name';

/** The API's services that have jobs, by the name of their generated client. */
export type ServiceClient = 'JobServiceClient' | 'PipelineServiceClient' | 'GenAiTuningServiceClient';

/** Which service answers for a kind of job, and by which word its methods call it. */
export interface JobKind {
  readonly client: ServiceClient;
  /** The resource's type: `Get` and `Cancel` of it are the methods. */
  readonly type: string;
}

export const JOB_KINDS: Readonly<Record<Collection, JobKind>> = {
  batchPredictionJobs: { client: 'JobServiceClient', type: 'BatchPredictionJob' },
  customJobs: { client: 'JobServiceClient', type: 'CustomJob' },
  hyperparameterTuningJobs: { client: 'JobServiceClient', type: 'HyperparameterTuningJob' },
  nasJobs: { client: 'JobServiceClient', type: 'NasJob' },
  tuningJobs: { client: 'GenAiTuningServiceClient', type: 'TuningJob' },
  trainingPipelines: { client: 'PipelineServiceClient', type: 'TrainingPipeline' },
  pipelineJobs: { client: 'PipelineServiceClient', type: 'PipelineJob' },
};
