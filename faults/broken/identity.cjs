const { randomUUID } = require('node:crypto');
const patchModule = require('./patch-module.cjs');

// The identity drawn anew at every attempt instead of computed once: no receiver can recognize a repeat.
patchModule('src/channels/webhook/webhook-channel', (module) => ({
  ...module,
  createWebhookChannel: (...options) => {
    const channel = module.createWebhookChannel(...options);
    const send = (endpoint, message, signal) => channel.send(endpoint, { ...message, id: randomUUID() }, signal);
    return { ...channel, send };
  },
}));
