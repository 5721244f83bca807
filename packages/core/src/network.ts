/**
 * The network that an address belongs to: what stands for one client when shares are counted.
 *
 * An IPv4 address is its own network, also as IPv6 writes it (`::ffff:192.0.2.7`). Of an IPv6
 * address it is the first 64 bits, since whoever has one address has all of those. [RFC 4291, 2.5.1]
 *
 * @param address as the system names the peer of a socket; empty for none
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address);
  if (mapped !== null) return mapped[1] as string;
  const [head = '', tail = ''] = address.replace(/%.*/, '').split('::');
  const front = groupsOf(head);
  const zeros = Array<string>(Math.max(0, 8 - front.length - groupsOf(tail).length)).fill('0');
  return [...front, ...zeros, ...groupsOf(tail)].slice(0, 4).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
