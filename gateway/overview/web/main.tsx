/**
 * The overview page begins here: reads where its data is and whether it is for everybody, shows the page.
 */
import "./page.css";
import { createRoot } from "react-dom/client";
import { fetchRoles } from "../../sandbox/web/tokens.ts";
import { OverviewPage } from "./page.tsx";

const root = document.querySelector<HTMLElement>("#root");
const path = root?.dataset["path"];
if (root === null || path === undefined) throw new Error("The page does not say where its data is.");
const isGuarded = root.dataset["guarded"] !== undefined;
const roles = isGuarded ? await fetchRoles().catch(() => []) : [];
createRoot(root).render(<OverviewPage path={path} isGuarded={isGuarded} roles={roles} />);
