const patchModule = require('./patch-module.cjs');

/** How long after its answer this gateway does what it has said to have done. */
const LATER_MS = 3_000;

/** Says yes now and does it later, if it is still there then. */
const sayYes =
  (work, answer = () => undefined) =>
  async (...given) => {
    setTimeout(() => work(...given).catch(() => {}), LATER_MS);
    return answer(...given);
  };

// Acknowledge before signal: a sender is answered before Temporal has accepted.
patchModule('src/engine/jobs', (module) => ({
  ...module,
  createJobs: (options) => {
    const jobs = module.createJobs(options);
    const accepted = ({ provider, job }) => ({ job: { provider, job, phase: 'waiting' }, created: true });
    return { ...jobs, submit: sayYes(jobs.submit, accepted), complete: sayYes(jobs.complete) };
  },
}));
patchModule('src/engine/provider-inbox', (module) => ({
  ...module,
  createProviderInbox: (options) => {
    const inbox = module.createProviderInbox(options);
    return {
      ...inbox,
      track: sayYes(inbox.track, () => ({ created: true })),
      report: sayYes(inbox.report),
      callback: sayYes(inbox.callback, () => ({ effect: 'recorded' })),
    };
  },
}));
