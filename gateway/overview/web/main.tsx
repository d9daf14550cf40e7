/**
 * The overview page begins here: reads where its data is, shows the page.
 */
import "./page.css";
import { createRoot } from "react-dom/client";
import { OverviewPage } from "./page.tsx";

const root = document.querySelector<HTMLElement>("#root");
const path = root?.dataset["path"];
if (root === null || path === undefined) throw new Error("The page does not say where its data is.");
createRoot(root).render(<OverviewPage path={path} />);
