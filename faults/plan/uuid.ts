import { random } from './random';

/** A UUID of version 4, the same for the same seed. */
export function uuidFrom(seed: string): string {
  const draw = random(`${seed}/uuid`);
  const hex = Array.from({ length: 32 }, () => draw.between(0, 15).toString(16)).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
