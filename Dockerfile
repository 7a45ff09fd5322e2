# syntax=docker/dockerfile:1

# One image for every process: `worker`, `gateway`, `setup`. deploy/pin-images.sh writes the digests of the base images
# where a registry can be reached.

FROM node:24.21.0-bookworm-slim AS build
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

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# What is left runs without its install scripts: the native parts come as built packages.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY deploy/prune-modules.sh /prune-modules.sh
RUN sh /prune-modules.sh node_modules

FROM node:24.21.0-bookworm-slim
# A worker's native runtime reads the certificates of authorities from the system; Node brings its own along.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
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
