/**
 * Where what is registered may be. Names are looked up by the gateways, each time that they connect (hosts.ts): what they
 * lead to may change, and need not be the same here.
 */
import type { FastifyRequest } from "fastify";
import { allowsUrl, type HostRule, hostOf, isLoopback } from "../hosts.ts";
import { RegistryError } from "./errors.ts";

/** @throws RegistryError for the first URL that nobody may be registered at, or that only the publisher's machine reaches */
export function checkAddresses(
  hosts: HostRule,
  { socket }: FastifyRequest,
  urls: readonly (string | undefined)[],
): void {
  const isNear = isLoopback(socket.remoteAddress ?? "");
  for (const url of urls) {
    if (url === undefined || url === "") continue;
    const name = hostOf(url);
    if (!allowsUrl(hosts, url) || (isLoopback(name) && !isNear))
      throw new RegistryError("ADDRESS_FORBIDDEN", { name });
  }
}
