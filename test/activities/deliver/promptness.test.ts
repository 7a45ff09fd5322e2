import { createPromptness } from '../../../activities/deliver/promptness';

describe('an endpoint is prompt', () => {
  let now = 0;
  const promptnessAfter = (deliveries: number, tookMs = 20) => {
    const promptness = createPromptness(() => now);
    for (let i = 0; i < deliveries; i++) promptness.note('orders', tookMs);
    return promptness;
  };

  it('once it has taken ten deliveries in a row, each at once', () => {
    expect(promptnessAfter(9).areAllPrompt(['orders'])).toBe(false);
    expect(promptnessAfter(10).areAllPrompt(['orders'])).toBe(true);
    expect(promptnessAfter(10, 1_001).areAllPrompt(['orders'])).toBe(false);
  });

  it('no longer from the first that it does not take, and for ten more', () => {
    const promptness = promptnessAfter(20);
    promptness.note('orders');
    for (let i = 0; i < 9; i++) promptness.note('orders', 20);
    expect(promptness.areAllPrompt(['orders'])).toBe(false);
    promptness.note('orders', 20);
    expect(promptness.areAllPrompt(['orders'])).toBe(true);
  });

  it('for half a minute after the last', () => {
    const promptness = promptnessAfter(10);
    now += 30_000;
    expect(promptness.areAllPrompt(['orders'])).toBe(true);
    now += 1;
    expect(promptness.areAllPrompt(['orders'])).toBe(false);
  });

  it('by itself: one that is not spoils it for all', () => {
    expect(promptnessAfter(10).areAllPrompt(['orders', 'audit'])).toBe(false);
  });

  it('as long as not a thousand others have been told since', () => {
    const promptness = promptnessAfter(10);
    for (let i = 0; i < 1_000; i++) promptness.note(`inline-${i}`, 20);
    expect(promptness.areAllPrompt(['orders'])).toBe(false);
  });
});
