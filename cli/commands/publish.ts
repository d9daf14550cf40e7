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
    const joining = project && { member: projectMember(project) };
    if (joining !== undefined && subgraphs.length === 0)
      return changedResult(
        `published member ${joining.member.key}`,
        await registry.addMember({ ...joining, ...whose }),
      );
    const what = [names.join(", "), ...(joining ? [`member ${joining.member.key}`] : [])].join(" and ");
    // In one change: an agency is never in the graph by half.
    const body = { subgraphs: [...subgraphs], allowBreaking, ...(joining && { member: joining }), ...whose };
    return changedResult(`published ${what}`, await registry.publish(body));
  },
});
