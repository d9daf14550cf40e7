/**
 * An HTTP server in the gateway's place: writes down the mutations that an outbox delivers, and answers as told.
 */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Delivery {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

export interface Reply {
  readonly status?: number;
  /** Sent as JSON; a text is sent as it is. */
  readonly body: unknown;
}

export interface TestGateway {
  readonly url: string;
  /** Every delivery, in the order of its arrival. */
  readonly received: Delivery[];
  /** How a delivery is answered; `undefined` breaks the connection. */
  reply: (delivery: Delivery) => Reply | undefined | Promise<Reply | undefined>;
  /** Resolves when `count` deliveries have arrived since the start. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

export const ACCEPTED: Reply = { body: { data: {} } };

/** A refusal or a failure with an error code, as GraphQL tells it. */
export function errorReply(code: string, status = 200): Reply {
  return { status, body: { data: null, errors: [{ message: `told ${code}`, extensions: { code } }] } };
}

export async function startTestGateway(port = 0): Promise<TestGateway> {
  const arrivals = new EventTarget();
  const received: Delivery[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void answer());
    const answer = async (): Promise<void> => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Omit<Delivery, "headers">;
      const delivery = { ...body, headers: request.headers };
      received.push(delivery);
      arrivals.dispatchEvent(new Event("delivery"));
      const reply = await gateway.reply(delivery);
      if (reply === undefined) {
        request.socket.destroy();
        return;
      }
      const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
      response.writeHead(reply.status ?? 200, { "content-type": "application/json" }).end(text);
    };
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const gateway: TestGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    received,
    reply: () => ACCEPTED,
    arrived: async (count) => {
      while (received.length < count) await once(arrivals, "delivery");
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
  return gateway;
}
