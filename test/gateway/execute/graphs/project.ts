/**
 * This project's own graph, with made-up data.
 */
import { SCHEMA_DIRECTORY, readSources } from "../../../../schema/build/sources.ts";
import type { TestGraph } from "./graph.ts";

const sources = await readSources(SCHEMA_DIRECTORY);

export const PROJECT: TestGraph = {
  name: "project",
  stockFails: { conditions: true },
  isOpen: true,
  subgraphs: Object.fromEntries(sources.map(({ name, sdl }) => [name, sdl])),
};
