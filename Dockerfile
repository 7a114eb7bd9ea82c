# Build:  docker build -t spanway .
# Run:    docker run -p 4317:4317 -p 4318:4318 -e LANGSMITH_API_KEY -v spanway:/var/lib/spanway spanway
# It runs as a user without a name or rights, and writes below /var/lib/spanway only: --read-only works.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/assets.mjs scripts/
COPY src src/
RUN npm run build && rm dist/.tsbuildinfo && chmod +x dist/main.js
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# What the next stage copies, so that it needs no shell: a command, and a state directory to own.
RUN mkdir bin state && ln -s ../dist/main.js bin/spanway

FROM node:24-slim
LABEL org.opencontainers.image.title="Spanway" \
      org.opencontainers.image.description="An OpenTelemetry gateway for LangSmith" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    PATH=/opt/spanway/bin:$PATH \
    SPANWAY_HOST=0.0.0.0 \
    SPANWAY_DIRECTORY=/var/lib/spanway/journal
WORKDIR /opt/spanway
COPY --from=build /build/node_modules node_modules/
COPY --from=build /build/bin bin/
COPY --from=build /build/dist dist/
COPY package.json LICENSE ./
COPY config config/
COPY --from=build --chown=10001:10001 /build/state /var/lib/spanway/
USER 10001:10001
VOLUME ["/var/lib/spanway"]
EXPOSE 4317 4318 8888 13133
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:13133/').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["spanway"]
CMD ["run", "--config", "config/default.yaml"]
