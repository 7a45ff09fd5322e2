/** Says only that the request is safe in Temporal; what comes of it is seen there. */
export const ACCEPTED = { accepted: true } as const;
