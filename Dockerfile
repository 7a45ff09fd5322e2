# syntax=docker/dockerfile:1

# One image for every process: `worker`, `gateway`, `setup`.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY schemas schemas
COPY src src
COPY activities activities
COPY workflows workflows
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# What is left runs without its install scripts: the native parts come as built packages.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:24-slim
ENV NODE_ENV=production
# Memory, see "Memory" in docs/operations.md: few malloc pools that give back what is free, and a small young generation.
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 NODE_OPTIONS=--max-semi-space-size=4
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
USER node
# Where jobherald.yaml is looked for.
WORKDIR /etc/jobherald
# Node itself is process 1, so that SIGTERM reaches it.
ENTRYPOINT ["node", "/app/dist/src/cli/main.js"]
CMD ["--help"]
