/**
 * What is measured: requests of a kind, on a graph.
 */
import type { Graph } from "../graph.ts";
import type { Operation } from "./operations.ts";

export interface Workload {
  readonly title: string;
  readonly graph: Graph;
  /** Measured one after another on the same gateway. */
  readonly phases: readonly Phase[];
}

export interface Phase {
  readonly id: string;
  readonly title: string;
  readonly operations: readonly Operation[];
  /** Sent beforehand, so that the gateway's code is compiled; the phase's own where it is left out. */
  readonly warmUp?: readonly Operation[];
  /** Each operation is sent once. */
  readonly once?: boolean;
  readonly connections: number;
  /** An Authorization header on every request that no other has. */
  readonly authorize?: boolean;
  /** Authorization of the connections, in turn: a connection keeps its own. */
  readonly tokens?: readonly string[];
  /** Id of the gateway that others are compared with; the stock engine where it is left out. */
  readonly against?: string;
  /** URL of the one subgraph that could be asked without any gateway. */
  readonly direct?: string;
}

export const LETTERS = ["a", "b", "c", "d", "e", "f", "trust"] as const;

export type Letter = (typeof LETTERS)[number];
