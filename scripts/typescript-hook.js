const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

/** What package.json exports, in the source tree. */
const EXPORTS = new Map([
  ['jobherald', join(__dirname, '../src/index.ts')],
  ['jobherald/receiver', join(__dirname, '../src/receiver/index.ts')],
]);

/**
 * For `node --require`: lets a plain child process require this project's TypeScript, and the project by its own name,
 * without a build.
 */
require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    module: { type: 'commonjs' },
    sourceMaps: false,
  });
  module._compile(code, filename);
};

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => resolveFilename(EXPORTS.get(request) ?? request, ...rest);
