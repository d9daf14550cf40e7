/**
 * Pages of the project's own: with no other origin needed, and none admitted.
 */
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";

export interface Page {
  /** What a browser keeps to, with every file and answer of the page. */
  readonly headers: Readonly<Record<string, string>>;
  /** Begins an answer, whose type is given without its character set. */
  readonly answer: (reply: FastifyReply, type: string) => FastifyReply;
}

/** @param policy directives of its Content Security Policy (level 3), for what it loads beside its own scripts */
export function createPage(policy: readonly string[]): Page {
  const headers = {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      ...policy,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
  return {
    headers,
    answer: (reply, type) =>
      reply.headers(headers).header("cache-control", "no-cache").type(`${type}; charset=utf-8`),
  };
}

/** Serves the built page's assets. @param dist directory of the built page @param prefix their path, with its last slash */
export async function serveAssets(
  app: FastifyInstance,
  { headers }: Page,
  dist: string,
  prefix: string,
): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(dist, "assets"),
    prefix,
    decorateReply: false,
    index: false,
    preCompressed: true,
    // The names carry a hash of the content.
    immutable: true,
    maxAge: "365d",
    setHeaders: (reply) => void reply.headers(headers),
  });
}
