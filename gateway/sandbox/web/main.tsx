/**
 * The sandbox page begins here: reads where the graph is, fetches the examples, opens the tabs, shows GraphiQL.
 */
import "graphiql/setup-workers/vite";
import "./page.css";
import { createRoot } from "react-dom/client";
import { Sandbox } from "./sandbox.tsx";
import { openTabs, type Example } from "./tabs.ts";
import { fetchRoles } from "./tokens.ts";

const EXAMPLES_URL = "/sandbox/examples.json";

async function main(): Promise<void> {
  const root = document.querySelector<HTMLElement>("#root");
  const graphqlPath = root?.dataset["graphqlPath"];
  if (!root || !graphqlPath) throw new Error("The page does not name the path of the graph.");
  // The editor measures its letters once, when it opens: by then the font must be there, or known not to come.
  const font = document.fonts.load('15px "Fira Code"', "aồ").catch(() => undefined);
  const [examples, roles] = await Promise.all([fetchExamples(), fetchRoles()]);
  openTabs(localStorage, examples);
  await font;
  createRoot(root).render(<Sandbox graphqlPath={graphqlPath} roles={roles} />);
}

/** A page without examples is still a page: the reader is told in the console, and starts with an empty tab. */
async function fetchExamples(): Promise<readonly Example[]> {
  const response = await fetch(EXAMPLES_URL, { headers: { accept: "application/json" } });
  if (response.ok) return (await response.json()) as readonly Example[];
  console.error(`The examples could not be read: HTTP ${response.status}`);
  return [];
}

await main();
