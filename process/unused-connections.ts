/**
 * On closing, Node waits a minute for connections that were opened and never used (by a load balancer, or by a client
 * ahead of its first request): it takes them for requests under way.
 */
import type { Server } from "node:http";
import { Server as SecureServer } from "node:https";
import type { Socket } from "node:net";

/** @returns closes the connections that no request has come by, and from then on new ones too */
export function followUnused(server: Server): () => void {
  const unused = new Set<Socket>();
  let closing = false;
  // Requests over TLS come by the socket that is made when both sides have agreed.
  const opened = (server as unknown) instanceof SecureServer ? "secureConnection" : "connection";
  server.on(opened, (socket: Socket) => {
    if (closing) socket.destroy();
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  for (const used of ["request", "upgrade"] as const)
    server.on(used, ({ socket }: { readonly socket: Socket }) => unused.delete(socket));
  return () => {
    closing = true;
    for (const socket of unused) socket.destroy();
  };
}
