# One image for every program of the house; docker-compose.yml says which one a container runs.
# Nothing is fetched at run time, and nothing runs as root.

FROM node:24-bookworm-slim AS pages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=optional
COPY gateway/build-pages.ts gateway/
COPY gateway/sandbox gateway/sandbox
COPY gateway/overview gateway/overview
COPY process process
RUN node gateway/build-pages.ts

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without scripts and optional packages: the image has its own Node, and PostgreSQL runs in a container of its own.
RUN npm ci --ignore-scripts --omit=dev --omit=optional

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE ./
COPY cli cli
COPY conformance conformance
COPY process process
COPY schema schema
COPY gateway gateway
COPY subgraphs subgraphs
COPY province province
COPY --from=pages /app/gateway/sandbox/dist gateway/sandbox/dist
COPY --from=pages /app/gateway/overview/dist gateway/overview/dist
# A volume that is mounted here is the programs' to write.
RUN mkdir /keys && chown node:node /keys
USER node
ENV HOST=0.0.0.0
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=10 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "gateway/main.ts", "--help"]
