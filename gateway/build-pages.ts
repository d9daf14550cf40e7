/**
 * Builds the gateway's pages, each from `web/` into `dist/` of its folder: hashed assets, workers, fonts, and compressed
 * copies.
 *
 *     node gateway/build-pages.ts [--if-missing]
 *
 * With `--if-missing` nothing is done for a page while its last build is of the same sources and libraries.
 */
import { createHash } from "node:crypto";
import { glob, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { InlineConfig, Plugin } from "vite";
import { z } from "zod";
import { runProgram } from "../process/lifecycle.ts";
import { readOptions } from "../process/options.ts";

interface Page {
  readonly name: string;
  /** Where its assets are served; relative where the server says it (server/overview.ts). */
  readonly base: string;
  /** Files beside its own that it is made of, from this directory. */
  readonly shares?: readonly string[];
  /** Libraries whose version changes the page. */
  readonly libraries: readonly string[];
}

const PAGES: readonly Page[] = [
  {
    name: "sandbox",
    base: "/sandbox/",
    libraries: [
      "@fontsource/jetbrains-mono",
      "@graphiql/plugin-doc-explorer",
      "@graphiql/plugin-history",
      "@graphiql/react",
      "graphiql",
      "graphql",
      "meros",
      "monaco-editor",
      "react",
      "react-dom",
      "vite",
    ],
  },
  {
    name: "overview",
    base: "./",
    shares: ["sandbox/web/tokens.ts"],
    libraries: ["react", "react-dom", "vite"],
  },
];

const require = createRequire(import.meta.url);

const COMPRESSIBLE = new Set([".js", ".css", ".svg", ".ttf"]);

runProgram(async () => {
  const { ifMissing } = readOptions({
    name: "build:pages",
    summary: "builds the gateway's pages",
    options: {
      ifMissing: {
        schema: z.boolean().default(false),
        help: "Do nothing for a page while its last build is of the same sources and libraries.",
      },
    },
  });
  if (ifMissing && !isInstalled("vite")) {
    // An installation without development dependencies serves pages that were built before, or none.
    process.stdout.write("pages: not built, their libraries are not installed (npm ci without --omit=dev)\n");
    return;
  }
  for (const page of PAGES) {
    const stamp = await stampOf(page);
    if (ifMissing && (await readFile(stampFile(page), "utf8").catch(() => "")) === stamp) continue;
    await buildPage(page, stamp);
  }
});

async function buildPage(page: Page, stamp: string): Promise<void> {
  const began = performance.now();
  process.stdout.write(`${page.name}: building the page … `);
  // Vite takes NODE_ENV for the libraries' own; a test runner's would bundle React's development build.
  process.env["NODE_ENV"] = "production";
  const { build } = await import("vite");
  // Inside `dist`, so that moving files out of it is a rename on one file system.
  const staging = join(distOf(page), `.building-${process.pid}`);
  await mkdir(staging, { recursive: true });
  try {
    await build(config(page, staging));
    const sizes = await compress(staging);
    await publish(page, staging, stamp);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${megabytes(sizes.plain)} MB (${megabytes(sizes.gzip)} MB gzip) in ${seconds} s\n`);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function webOf({ name }: Page): string {
  return join(import.meta.dirname, name, "web");
}

function distOf({ name }: Page): string {
  return join(import.meta.dirname, name, "dist");
}

/** Names what the last build was made of. */
function stampFile(page: Page): string {
  return join(distOf(page), ".built-from");
}

function config(page: Page, staging: string): InlineConfig {
  return {
    configFile: false,
    root: webOf(page),
    base: page.base,
    logLevel: "error",
    plugins: [fontFiles()],
    worker: { format: "es" },
    build: {
      outDir: staging,
      emptyOutDir: true,
      target: "es2023",
      // The page's policy allows files of its own origin, not `data:` addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
    },
  };
}

/** Moves fonts that a style sheet carries within itself into files, so that only the alphabets in use are loaded. */
function fontFiles(): Plugin {
  return {
    name: "font-files",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const asset of Object.values(bundle)) {
          if (asset.type !== "asset" || !asset.fileName.endsWith(".css")) continue;
          asset.source = asset.source
            .toString()
            .replaceAll(
              /url\("?data:font\/(\w+);base64,([^)"]+)"?\)/g,
              (_url, kind: string, data: string) => {
                const source = Buffer.from(data, "base64");
                const file = this.emitFile({ type: "asset", name: `font.${kind}`, source });
                return `url(${this.getFileName(file).slice("assets/".length)})`;
              },
            );
        }
      },
    },
  };
}

/** Writes `.br` and `.gz` beside each file that gains from it, for the server to send as they are. Sizes in bytes. */
async function compress(directory: string): Promise<{ plain: number; gzip: number }> {
  const sizes = { plain: 0, gzip: 0 };
  for await (const name of glob("assets/**", { cwd: directory })) {
    if (extname(name) === "") continue;
    const path = join(directory, name);
    const source = await readFile(path);
    sizes.plain += source.length;
    if (!COMPRESSIBLE.has(extname(name))) {
      sizes.gzip += source.length;
      continue;
    }
    const [zipped, brotli] = await Promise.all([
      promisify(gzip)(source, { level: 9 }),
      // Quality 11 is 3 % smaller and takes ten times as long.
      promisify(brotliCompress)(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    ]);
    sizes.gzip += zipped.length;
    await Promise.all([writeFile(`${path}.gz`, zipped), writeFile(`${path}.br`, brotli)]);
  }
  return sizes;
}

/**
 * Puts the new files in place while a gateway may be serving the old ones: hashed assets first, then the page that
 * names them, and only then the old assets go.
 */
async function publish(page: Page, staging: string, stamp: string): Promise<void> {
  const dist = distOf(page);
  const files = await list(staging);
  const before = await list(dist);
  await mkdir(join(dist, "assets"), { recursive: true });
  for (const file of files.toSorted((a, b) => Number(a === "index.html") - Number(b === "index.html"))) {
    await mkdir(dirname(join(dist, file)), { recursive: true });
    await rename(join(staging, file), join(dist, file));
  }
  const current = new Set(files);
  for (const file of before) if (!current.has(file)) await rm(join(dist, file), { force: true });
  await writeFile(stampFile(page), stamp);
}

/** The files of a build, without those whose name begins with a dot. */
async function list(directory: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of glob(["*.*", "assets/*"], { cwd: directory })) {
    if (!name.startsWith(".")) names.push(name);
  }
  return names;
}

async function stampOf(page: Page): Promise<string> {
  const hash = createHash("sha256");
  const sources = (page.shares ?? []).map((name) => join(import.meta.dirname, name));
  for await (const name of glob("**/*.*", { cwd: webOf(page) })) sources.push(join(webOf(page), name));
  for (const path of [import.meta.filename, ...sources.toSorted()]) {
    hash.update(path.slice(import.meta.dirname.length)).update(await readFile(path));
  }
  for (const library of page.libraries) {
    const { version } = require(`${library}/package.json`) as { version: string };
    hash.update(`${library}@${version}`);
  }
  return hash.digest("hex");
}

function isInstalled(library: string): boolean {
  try {
    require.resolve(`${library}/package.json`);
    return true;
  } catch {
    return false;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
