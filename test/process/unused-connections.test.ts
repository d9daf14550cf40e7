import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { followUnused } from "../../process/unused-connections.ts";
import { CERTIFICATE, KEY } from "../gateway/transport/certificate.ts";

test.each(["HTTP", "HTTPS"])(
  "%s: unused connections end at once, used ones when they are done",
  async (kind) => {
    const answer = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const server =
      kind === "HTTP"
        ? createServer()
        : (createSecureServer({ key: KEY, cert: CERTIFICATE }) as unknown as Server);
    server.on("request", (_request, response) => {
      asked.resolve();
      void answer.promise.then(() => response.setHeader("connection", "close").end("whole"));
    });
    const closeUnused = followUnused(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => server.closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const open = async (): Promise<Socket> => {
      const socket =
        kind === "HTTP"
          ? connect(port, "127.0.0.1")
          : connectSecure({ port, host: "127.0.0.1", rejectUnauthorized: false });
      await once(socket, kind === "HTTP" ? "connect" : "secureConnect");
      return socket;
    };
    const unused = await open();
    const used = await open();
    let text = "";
    used.on("data", (chunk: Buffer) => (text += chunk.toString()));
    used.write("GET / HTTP/1.1\r\nhost: here\r\n\r\n");
    await asked.promise;

    const closed = Promise.all([once(server, "close"), once(used, "close")]);
    const ended = once(unused.resume(), "close");
    closeUnused();
    server.close();
    await ended;
    expect(used.destroyed).toBe(false);
    answer.resolve();
    await closed;
    expect(text).toContain("whole");
  },
);
