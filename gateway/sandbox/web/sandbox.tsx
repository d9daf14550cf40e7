/** GraphiQL with our panel, our titles and our name. */
import type { TabsState } from "@graphiql/react";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { CALLS_PLUGIN } from "./calls/panel.tsx";
import icon from "./favicon.svg";
import { createFetcher } from "./fetcher.ts";
import { RolePicker } from "./roles.tsx";
import { nameTabs } from "./tabs.ts";

const PLUGINS = [HISTORY_PLUGIN, CALLS_PLUGIN];

// GraphiQL hands over the very state that it is about to keep, and has no other place to name a tab.
const onTabChange = ({ tabs }: TabsState) => nameTabs(tabs);

export function Sandbox({ graphqlPath, roles }: { graphqlPath: string; roles: readonly string[] }) {
  return (
    <GraphiQL
      fetcher={createFetcher(graphqlPath)}
      plugins={PLUGINS}
      visiblePlugin={CALLS_PLUGIN.title}
      defaultEditorToolsVisibility="variables"
      inputValueDeprecation
      schemaDescription
      onTabChange={onTabChange}
    >
      <GraphiQL.Logo>
        <img src={icon} alt="Liên Thông" />
        <span aria-hidden="true">Liên Thông</span>
        {roles.length > 0 && <RolePicker roles={roles} />}
      </GraphiQL.Logo>
    </GraphiQL>
  );
}
