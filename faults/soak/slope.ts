/** Of the line that fits the points best, by least squares; 0 where there are too few to say. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const count = points.length;
  if (count < 2) return 0;
  const mean = (of: (point: { readonly x: number; readonly y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / count;
  const meanX = mean(({ x }) => x);
  const meanY = mean(({ y }) => y);
  const spread = mean(({ x }) => (x - meanX) ** 2);
  return spread === 0 ? 0 : mean(({ x, y }) => (x - meanX) * (y - meanY)) / spread;
}
