/** Who extends which entity: a table, and the same as a drawing. */
import { useId } from "react";
import type { EntityTold } from "../told.ts";
import { useSpoken } from "./language.ts";
import { Part, Table } from "./tables.tsx";

export function Entities({ entities }: { readonly entities: readonly EntityTold[] }) {
  const { texts } = useSpoken();
  const heads = (
    <>
      <th scope="col">{texts.entity}</th>
      <th scope="col">{texts.service}</th>
      <th scope="col">{texts.key}</th>
      <th scope="col">{texts.adds}</th>
    </>
  );
  return (
    <Part id="entities" title={texts.entities}>
      <Table caption={texts.entitiesCaption} heads={heads}>
        {entities.map(({ name, partitionedBy, parts }) =>
          parts.map(({ service, keys, resolvable, fields }, index) => (
            <tr key={`${name} ${service}`}>
              {index === 0 && (
                <th scope="rowgroup" rowSpan={parts.length}>
                  {name}
                  {partitionedBy !== null && <span className="note">{texts.by(partitionedBy)}</span>}
                </th>
              )}
              <td>{service}</td>
              <td>
                <code>{keys.join(", ")}</code>
              </td>
              <td>{fields.length > 0 ? fields.join(", ") : resolvable ? texts.knows : texts.refers}</td>
            </tr>
          )),
        )}
      </Table>
      <Drawing entities={entities} />
    </Part>
  );
}

const ROW = 30;
const WIDTH = 720;
const LEFT = 200;
const RIGHT = 480;

/** Every line of it is in the table as well. */
function Drawing({ entities }: { readonly entities: readonly EntityTold[] }) {
  const { texts } = useSpoken();
  const id = useId();
  const services = [
    ...new Set(entities.flatMap(({ parts }) => parts.map(({ service }) => service))),
  ].toSorted();
  const height = Math.max(services.length, entities.length) * ROW;
  const placeOf = (index: number, count: number) => ((index + 0.5) * height) / Math.max(count, 1);
  const lines = entities.flatMap(({ name, parts }, index) =>
    parts.map(({ service, fields }) => {
      const from = placeOf(services.indexOf(service), services.length);
      const to = placeOf(index, entities.length);
      const middle = (LEFT + RIGHT) / 2;
      return {
        name: `${service} ${name}`,
        adds: fields.length > 0,
        path: `M ${LEFT} ${from} C ${middle} ${from} ${middle} ${to} ${RIGHT} ${to}`,
      };
    }),
  );
  return (
    <figure>
      <figcaption id={`${id}caption`}>{texts.drawing}</figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <div className="scroll" role="region" aria-labelledby={`${id}caption`} tabIndex={0}>
        <svg
          role="img"
          aria-labelledby={`${id}caption ${id}text`}
          viewBox={`0 0 ${WIDTH} ${height}`}
          width={WIDTH}
          height={height}
        >
          <desc id={`${id}text`}>{texts.drawingText(services.length, entities.length, lines.length)}</desc>
          {lines.map(({ name, adds, path }) => (
            <path key={name} d={path} className={adds ? "adds" : "refers"} />
          ))}
          {services.map((name, index) => (
            <text key={name} x={LEFT - 8} y={placeOf(index, services.length)} textAnchor="end">
              {name}
            </text>
          ))}
          {entities.map(({ name }, index) => (
            <text key={name} x={RIGHT + 8} y={placeOf(index, entities.length)}>
              {name}
            </text>
          ))}
        </svg>
      </div>
    </figure>
  );
}
