# Built in a clone: docker build -t modulex-intercom . (docs/operations.md)
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY toolchain toolchain
COPY toolchain-oldest toolchain-oldest
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY scripts scripts
COPY src src
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
COPY toolchain toolchain
COPY toolchain-oldest toolchain-oldest
# The SDK is for `worker`, which is one of its commands.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && npm install --no-save --ignore-scripts --no-audit --no-fund @restatedev/restate-sdk@1.17.2 \
  && rm -rf toolchain toolchain-oldest
COPY --from=build /build/bin bin
COPY --from=build /build/dist dist
COPY docker/serve.json /etc/modulex-intercom/serve.json
RUN mkdir -p /var/lib/modulex-intercom && chown node:node /var/lib/modulex-intercom
USER node
# What is kept: the journal of sends, approvals, the local Intercom's data.
VOLUME /var/lib/modulex-intercom
ENV XDG_STATE_HOME=/var/lib
EXPOSE 8321
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["node", "-e", "fetch('http://127.0.0.1:8321/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/modulex-intercom.js"]
CMD ["serve", "--config", "/etc/modulex-intercom/serve.json"]
