import { isCidr } from '../cidr';
import type { NetworkConfig } from '../config';
import type { Fault } from '../fault';

export function checkNetwork({ allow, deny }: NetworkConfig): readonly Fault[] {
  return [...checkCidrs('/network/allow', allow), ...checkCidrs('/network/deny', deny)];
}

/** @param at pointer of the list */
export function checkCidrs(at: string, cidrs: readonly string[]): readonly Fault[] {
  return cidrs.flatMap((cidr, index) =>
    isCidr(cidr)
      ? []
      : [{ pointer: `${at}/${index}`, text: 'is no network; give a CIDR such as 10.0.0.0/8 or fd00::/8' }],
  );
}
