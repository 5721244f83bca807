# A server in a container: docs/OPERATIONS.md says how to run it.
#   docker build -t tandem .
#   docker run --read-only --tmpfs /tmp -v tandem:/data -p 22067:22067 -p 22068:22068 tandem

FROM node:24.21.0-slim AS install
WORKDIR /opt/tandem
COPY . .
# What the server needs, and nothing of tests and the lab.
RUN npx -y pnpm@12 install --prod --frozen-lockfile \
    --filter '@tandem/cli...' --filter '!@tandem/bench' --filter '!@tandem/conformance' \
  && find packages -name '*.test.ts' -delete \
  && rm -rf bench docs packages/*/test packages/fault-rig packages/conformance

FROM node:24.21.0-slim
COPY --from=install --chown=root:root /opt/tandem /opt/tandem
# Not root, and of fixed numbers, which a volume's owner can be.
RUN groupadd --gid 10001 tandem \
  && useradd --uid 10001 --gid tandem --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tandem \
  && install -d -o tandem -g tandem -m 0700 /data
USER 10001:10001
VOLUME /data
EXPOSE 22067 22068
ENV TANDEM_DATA_DIR=/data \
  TANDEM_HOST=0.0.0.0 \
  TANDEM_ADMIN_PORT=9464 \
  TANDEM_LOG_FORMAT=json \
  NODE_COMPILE_CACHE=/tmp/tandem
# Longer than it takes to load a large database: it is not healthy before it serves. A port that
# the line of the server names wins; the first process has that line, that of `docker run --init` too.
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=3 \
  CMD ["node", "-e", "const line = require(`node:fs`).readFileSync(`/proc/1/cmdline`, `latin1`); const said = [...line.matchAll(/--admin-port[=\\0](\\d+)/g)].at(-1); fetch(`http://127.0.0.1:${said?.[1] ?? process.env.TANDEM_ADMIN_PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The process itself is the server, and gets the signals. `docker stop` waits 10 s, longer than --stop-grace.
ENTRYPOINT ["node", "/opt/tandem/packages/cli/bin/tandem.js"]
CMD ["serve"]
