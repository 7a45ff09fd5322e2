/**
 * For `--require`: look-ups of names go to the nameserver of JOBHERALD_FAULTS_NAMESERVER. The program has no setting for it,
 * since it uses those of the system.
 */
const promises = require('node:dns/promises');

const { Resolver } = promises;
promises.Resolver = class extends Resolver {
  constructor(options) {
    super(options);
    this.setServers([process.env.JOBHERALD_FAULTS_NAMESERVER]);
  }
};
