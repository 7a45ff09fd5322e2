/**
 * The SDK takes a stack trace of each promise that a run makes, some sixty, for the Web UI's "Call Stack". Four frames,
 * of which two or three are shown, say where a run waits; ten cost a worker a tenth of what it does for a run
 * (docs/benchmarks.md). Also of an error that a workflow throws the innermost four are kept.
 */
Error.stackTraceLimit = 4;
