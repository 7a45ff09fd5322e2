import { isCidr } from '../cidr';
import type { NetworkConfig } from '../config';
import { type Fault, pointerTo } from '../fault';

export function checkNetwork({ allow, deny }: NetworkConfig): readonly Fault[] {
  return [...checkList('allow', allow), ...checkList('deny', deny)];
}

function checkList(name: 'allow' | 'deny', cidrs: readonly string[]): readonly Fault[] {
  return cidrs.flatMap((cidr, index) =>
    isCidr(cidr)
      ? []
      : [
          {
            pointer: pointerTo('network', name, index),
            text: 'is no network; give a CIDR such as 10.0.0.0/8 or fd00::/8',
          },
        ],
  );
}
