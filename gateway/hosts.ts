/**
 * Where services may be: a URL that somebody registered must not make a gateway ask what only its own machine, or the
 * cloud around it, is meant to reach (server-side request forgery).
 */
import { lookup as lookUp } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import type { z } from "zod";

export interface HostRule {
  /** @param name host of a URL, as `new URL()` writes it @param address that it is, or that it resolved to */
  readonly allows: (name: string, address: string) => boolean;
}

const LOOPBACK = listOf(["127.0.0.0/8", "::1/128"]);

/** Nobody's service is there: what means this machine or network itself, many at once, or a cloud's own data. */
const FORBIDDEN = listOf([
  "0.0.0.0/8",
  "::/128",
  // Link-local (RFC 3927, RFC 4291), with the metadata of most clouds; the same through NAT64 and 6to4.
  "169.254.0.0/16",
  "fe80::/10",
  "64:ff9b::a9fe:0/112",
  "2002:a9fe::/32",
  // Metadata elsewhere.
  "100.100.100.200/32",
  "192.0.0.192/32",
  "fd00:ec2::254/128",
  // Multicast, reserved, broadcast.
  "224.0.0.0/4",
  "240.0.0.0/4",
  "ff00::/8",
]);

/**
 * @param allowed nothing but these, where there are any: `tax.example`, `*.tax.example`, `10.1.0.0/16`; an address range
 * allows also what is forbidden otherwise
 */
export function createHostRule(allowed: readonly string[]): HostRule {
  const ranges = allowed.filter((entry) => entry.includes("/"));
  const addresses = listOf(ranges);
  const names = new Set(allowed.filter((entry) => !entry.includes("/") && !entry.startsWith("*.")));
  const suffixes = allowed.filter((entry) => entry.startsWith("*.")).map((entry) => entry.slice(1));
  return {
    allows(name, address) {
      if (isIn(addresses, address)) return true;
      if (isIn(FORBIDDEN, address)) return false;
      // A name of elsewhere that leads to this machine was made to (DNS rebinding).
      if (isIn(LOOPBACK, address) && !isLoopback(name)) return false;
      return allowed.length === 0 || names.has(name) || suffixes.some((suffix) => name.endsWith(suffix));
    },
  };
}

/** Where nobody says otherwise. */
export const USUAL_HOSTS = createHostRule([]);

/** For options: hosts in the form of `createHostRule`, an address meaning the range of it alone. */
export function readHosts(entries: readonly string[], faults: z.RefinementCtx): HostRule {
  const read = entries.map((entry) => {
    const family = isIP(entry);
    return family === 0 ? entry.toLowerCase() : `${entry}/${family === 4 ? 32 : 128}`;
  });
  for (const [index, entry] of read.entries())
    if (!isRange(entry) && !/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(entry))
      faults.addIssue({
        code: "custom",
        message: `"${entries[index]}" is no name, *.name, address or range (10.1.0.0/16)`,
      });
  return createHostRule(read.filter((entry) => !entry.includes("/") || isRange(entry)));
}

/** Whether the URL's host may be asked, as far as can be told without looking its name up. */
export function allowsUrl({ allows }: HostRule, url: string): boolean {
  const name = hostOf(url);
  return isIP(name) === 0 || allows(name, name);
}

/** The host, without the brackets of an IPv6 address. */
export function hostOf(url: string): string {
  return (URL.parse(url)?.hostname ?? "").replace(/^\[|\]$/g, "");
}

/** For connections: names lead only to addresses that the rule allows at the moment of connecting. */
export function lookupWithin({ allows }: HostRule): LookupFunction {
  return (name, options, callback) => {
    lookUp(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const open = found.filter(({ address }) => allows(name, address));
      const [first] = open;
      if (first === undefined)
        return callback(new Error(`${name} is at an address that no service may be at`), []);
      return options.all === true ? callback(null, open) : callback(null, first.address, first.family);
    });
  };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || isIn(LOOPBACK, host);
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? "ipv4" : "ipv6");
}

function isRange(entry: string): boolean {
  const [address = "", bits = "", ...more] = entry.split("/");
  const family = isIP(address);
  return (
    family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  );
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}
