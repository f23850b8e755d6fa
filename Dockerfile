# The service alone; its Neo4j is another container (docker-compose.yml). No Docker engine has built this yet.
# It writes nothing, so it runs with --read-only.

# node:24.21.0-bookworm-slim, the index for all platforms.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY bin ./bin
COPY schema ./schema
COPY src ./src
RUN node bin/build.js && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/bin ./bin
COPY --from=build /app/schema ./schema
COPY --from=build /app/dist ./dist
COPY seeds ./seeds
# All files belong to root, so this user cannot change them.
USER node
EXPOSE 4000
CMD ["node", "bin/custody-graph.js", "start"]
