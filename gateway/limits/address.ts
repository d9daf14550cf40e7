/**
 * Whose address a request came from: the connection's, or, behind proxies that are trusted, the last that they tell of
 * in `X-Forwarded-For` and is none of theirs. What a client writes there itself stands further left, and never counts.
 */
import { BlockList, isIP } from "node:net";

export type AddressOf = (connection: string, forwardedFor: string | undefined) => string;

/** @param proxies addresses, or networks ("10.0.0.0/8"), as `isNetwork` takes them */
export function createAddressOf(proxies: readonly string[]): AddressOf {
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [address = "", prefix] = proxy.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  return (connection, forwardedFor) => {
    let address = plain(connection);
    if (forwardedFor === undefined || proxies.length === 0) return groupOf(address);
    const told = forwardedFor.split(",").map((each) => plain(each.trim()));
    while (isTrusted(address)) {
      const before = told.pop();
      if (before === undefined || isIP(before) === 0) break;
      address = before;
    }
    return groupOf(address);
  };
}

export function isNetwork(text: string): boolean {
  const [address = "", prefix, ...more] = text.split("/");
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 6 ? 128 : 32));
}

/** An IPv4 address as such, also where a socket for both versions tells it. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

/** Who has one address of IPv6 has a network of 64 bits of them. */
function groupOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  const all = tail === undefined ? before : [...before, ...missing, ...after];
  return `${all
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(":")}::/64`;
}
