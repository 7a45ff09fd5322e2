'use strict';

const functions = require('@google-cloud/functions-framework');
const { handle } = require('./handle');

functions.cloudEvent('onVertexLogEntry', (event) => handle(event));
