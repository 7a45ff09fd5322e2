/** What `jobherald demo` does, for its help: by itself, because the demo takes long to load. */
export const DEMO_SUMMARY = 'see it work: a job ends in an emulated Vertex AI, and a signed webhook arrives';
