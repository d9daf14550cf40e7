/**
 * Listening, with a fault that says what to do about it.
 */
import { Server as SecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { StartError } from "../../process/lifecycle.ts";

/**
 * @returns the port, and the origin that the server is asked at
 * @throws StartError when the address is taken, or not of this machine.
 */
export async function listen(
  server: FastifyInstance,
  host: string,
  port: number,
): Promise<{ readonly port: number; readonly origin: string }> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      throw new StartError(
        `port ${port} on ${host} is taken.`,
        "Stop what listens there, or choose another --port.",
      );
    throw new StartError(
      `cannot listen on ${host}, port ${port}: ${message}.`,
      "Choose another --host or --port.",
    );
  }
  const address = server.server.address() as AddressInfo;
  const scheme = (server.server as unknown) instanceof SecureServer ? "https" : "http";
  return {
    port: address.port,
    origin: `${scheme}://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
  };
}
