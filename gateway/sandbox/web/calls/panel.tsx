/**
 * GraphiQL's side panel "Calls": for the operation just run, which services and members were asked, in which order,
 * how long each took, how many entities it was asked for, and what failed.
 */
import "./panel.css";
import type { GraphiQLPlugin } from "@graphiql/react";
import { useSyncExternalStore } from "react";
import { axisOf, endOf, place, type Axis } from "./axis.ts";
import { currentRun, onRunChange, type Call } from "./store.ts";
import { formatCount, formatTime, LANGUAGE, TEXTS } from "./texts.ts";

export const CALLS_PLUGIN: GraphiQLPlugin = { title: TEXTS.title, icon: CallsIcon, content: CallsPanel };

/** As many as panel.css has colours for. */
const COLOURS = 5;

function CallsPanel() {
  const run = useSyncExternalStore(onRunChange, currentRun);
  const calls = run.state === "done" ? run.calls : undefined;
  return (
    <section className="calls" lang={LANGUAGE} aria-labelledby="calls-title">
      <h2 id="calls-title">{TEXTS.title}</h2>
      <p className="calls-summary" role="status">
        {run.state === "done" ? summaryOf(run.calls) : TEXTS[run.state]}
      </p>
      {calls && calls.length > 0 && <Chart calls={calls} />}
    </section>
  );
}

function summaryOf(calls: readonly Call[] | undefined) {
  if (!calls) return TEXTS.unreported;
  if (calls.length === 0) return TEXTS.unasked;
  const end = Math.max(...calls.map(endOf));
  const failed = calls.filter((call) => call.code !== undefined).length;
  return (
    <>
      {TEXTS.summary(formatCount(calls.length), formatTime(end))}
      {failed > 0 && <strong className="calls-error">, {TEXTS.errors(formatCount(failed))}</strong>}
    </>
  );
}

function Chart({ calls }: { calls: readonly Call[] }) {
  const axis = axisOf(calls);
  const services = [...new Set(calls.map((call) => call.service))];
  return (
    <div className="calls-chart">
      <div className="calls-axis" title={TEXTS.time} aria-hidden="true">
        {axis.marks.map((mark) => (
          <span key={mark} style={{ left: place(axis, mark) }}>
            {formatTime(mark)}
          </span>
        ))}
      </div>
      <ol aria-label={TEXTS.list}>
        {calls.map((call, index) => (
          <Row
            // The list is replaced as a whole with every run.
            key={index}
            call={call}
            order={index + 1}
            axis={axis}
            colour={services.indexOf(call.service) % COLOURS}
          />
        ))}
      </ol>
    </div>
  );
}

function Row({ call, order, axis, colour }: { call: Call; order: number; axis: Axis; colour: number }) {
  const span = TEXTS.span(formatTime(call.startedAt), formatTime(endOf(call)));
  const failed = call.code !== undefined;
  return (
    <li className={`calls-row calls-colour-${colour}${failed ? " calls-failed" : ""}`} title={span}>
      <div className="calls-line">
        <span className="calls-order">{order}</span>
        <span className="calls-name">{call.memberName ?? call.member ?? call.service}</span>
        <span className="calls-time">
          {call.duration === undefined ? "…" : `${formatTime(call.duration)} ms`}
        </span>
      </div>
      <div className="calls-track" aria-hidden="true">
        {axis.marks.map((mark) => (
          <i key={mark} style={{ left: place(axis, mark) }} />
        ))}
        <b style={{ left: place(axis, call.startedAt), width: place(axis, call.duration ?? 0) }} />
      </div>
      <div className="calls-line calls-details">
        {call.member !== undefined && <code>{`${call.service} · ${call.member}`}</code>}
        {call.entities !== undefined && <span>{TEXTS.entities(formatCount(call.entities))}</span>}
        <span className="calls-heard">{span}</span>
        {failed && (
          <strong className="calls-error">
            {TEXTS.failed} <code>{call.code}</code>
          </strong>
        )}
      </div>
    </li>
  );
}

function CallsIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round">
      <path d="M4 4v16h16" />
      <path d="M8 8h6M11 12h8M9 16h5" strokeWidth="2.6" />
    </svg>
  );
}
