/** Where what can never be used is put. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}
