# Two stages: the first has what building needs, the second only what running needs.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# The locked dependencies first: they change less often than the code.
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/build && /opt/build/bin/pip install --require-hashes -r requirements-build.lock
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY syncer syncer
COPY adapters adapters
COPY mappings mappings
COPY config config
RUN /opt/build/bin/python -m build --no-isolation --wheel --outdir /dist \
    && /opt/venv/bin/pip install --no-deps --no-index /dist/*.whl

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH
COPY --from=build /opt/venv /opt/venv

# The folder of the state belongs to the user; a named volume mounted there takes this over.
WORKDIR /srv/syncer
RUN install -d -o 10001 -g 10001 /srv/syncer/var
USER 10001:10001

EXPOSE 8484
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/opt/venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8484/healthz', timeout=4)"]
ENTRYPOINT ["/opt/venv/bin/syncer"]
CMD ["run"]
