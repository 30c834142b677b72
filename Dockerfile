# Two images from one build, `server` and `client`: each holds one static program and nothing else.

FROM rust:1.95-slim-bookworm AS toolchain
WORKDIR /src
# With the target named, the flag reaches the programs only, and not the macros that run inside the compiler.
ENV CARGO_BUILD_TARGET=host-tuple \
    CARGO_INCREMENTAL=0 \
    RUSTFLAGS="-C target-feature=+crt-static"

# The workspace with empty sources. It stays the same until a manifest changes, and so do the layers built from it.
FROM toolchain AS manifests
COPY . .
RUN find . -type f ! -name Cargo.toml ! -name Cargo.lock ! -name lib.rs ! -name main.rs ! -name build.rs -delete \
    && find . -name '*.rs' -exec sh -c 'echo "fn main() { }" > "$1"' _ {} \; \
    && find . -type d -empty -delete

# The web client. Its packages stay until the lock file changes.
FROM node:20-bookworm-slim AS web
WORKDIR /src
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
COPY web .
RUN npm run build

FROM toolchain AS build
COPY --from=manifests /src .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo build --locked --release --package decentra-server --package decentra
COPY . .
COPY --from=web /src/dist /web
ENV DECENTRA_WEB_DIST=/web
# Sources are older than the empty ones that cargo has just built: touched, they count as new.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    find . -name '*.rs' -not -path './target/*' -exec touch {} + \
    && cargo build --locked --release --package decentra-server --package decentra \
    && mkdir -p /out/data \
    && cp target/*/release/decentra-server target/*/release/decentra /out/

FROM scratch AS client
COPY --from=build /out/decentra /decentra
USER 10001:10001
ENTRYPOINT ["/decentra"]

FROM scratch AS server
COPY --from=build /out/decentra-server /decentra-server
# A new volume takes its owner from the folder under it.
COPY --from=build --chown=10001:10001 /out/data /data
USER 10001:10001
WORKDIR /data
ENV DECENTRA_DATA_DIR=/data
VOLUME /data
EXPOSE 8765
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["/decentra-server", "health"]
ENTRYPOINT ["/decentra-server"]
