# syntax=docker/dockerfile:1
# The steps are the README's own: install, build, start. The image runs as an ordinary user and writes nothing.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json nest-cli.json ./
COPY scripts scripts
COPY src src
COPY migrations migrations
COPY test test
COPY bench bench
RUN npm run build && npm prune --omit=dev --omit=optional

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/web dist/web
COPY --from=build /app/dist/migrations dist/migrations
# `node`, by its number: who checks that an image is not root's cannot look names up in it.
USER 1000:1000
EXPOSE 4010 4317 4318
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:4010/health/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without the embedded database (no optional packages): DATABASE_URL is needed.
# The heap is kept as small as its contents need: without a limit it grows to whatever the machine has before it is cleaned.
CMD ["node", "--enable-source-maps", "--max-old-space-size=320", "--max-semi-space-size=32", "--heap-growing-percent=60", "--no-allocation-site-pretenuring", "dist/src/main.js"]
