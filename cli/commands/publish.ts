import { z } from "zod";
import { defineCommand } from "../command.ts";
import { projectMember } from "../project.ts";
import { publicationOptions, readPublication } from "../publication.ts";
import { changedResult, openRegistry, registryOptions } from "../registry.ts";

export const publish = defineCommand({
  options: {
    ...publicationOptions,
    allowBreaking: {
      schema: z.boolean().default(false),
      help: "Publish even what breaks clients; only the operator may.",
    },
    ...registryOptions,
  },
  examples: [
    "lienthong publish",
    "lienthong publish --url http://tourism.example/graphql",
    "lienthong publish tax=schema/tax.graphql --url tax=http://tax.example/graphql",
  ],
  async run({ allowBreaking, owner, ...options }) {
    const registry = openRegistry(options);
    const { subgraphs, project } = await readPublication(options);
    const whose = owner === undefined ? {} : { owner };
    const names = subgraphs.map(({ name }) => name);
    const published =
      subgraphs.length === 0
        ? undefined
        : await registry.publish({ subgraphs: [...subgraphs], allowBreaking, ...whose });
    if (project === undefined) return changedResult(`published ${names.join(", ")}`, published!);
    const joined = await registry.addMember({ member: projectMember(project), ...whose });
    const { agency } = project;
    const what = published === undefined ? `member ${agency}` : `${names.join(", ")} and member ${agency}`;
    const changed = joined.changed || published?.changed === true;
    return changedResult(`published ${what}`, { ...joined, changed });
  },
});
