const { createServer } = require('node:http');

/**
 * Takes everything, says 204. Reports to its parent the port, and when a request to `/timed` has come in whole, on the
 * machine's monotonic clock; ends with its parent.
 */
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    if (request.url === '/timed') process.send?.({ arrivedNs: String(process.hrtime.bigint()) });
    response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
process.on('disconnect', () => process.exit());
