/** `Error` of an answer of API 3.0. */
export interface ApiRefusal {
  readonly Code: string;
  readonly Message: string;
}

export function refusal(code: string, message: string): ApiRefusal {
  return { Code: code, Message: message };
}
