# The image of every Mot Cua process: pages, workers, Prefect. Libraries come from requirements.lock, by hash.
# For the same image byte for byte name the base by its digest: --build-arg BASE=python:3.12-slim@sha256:...
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
RUN python -m venv --without-pip /opt/motcua
COPY requirements.lock .
RUN pip --python /opt/motcua/bin/python install --no-compile --no-deps --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md ./
COPY dossiers dossiers
COPY sla sla
COPY workflows workflows
COPY api api
RUN pip --python /opt/motcua/bin/python install --no-compile --no-deps --no-build-isolation .

FROM ${BASE}
RUN useradd --system --uid 10001 --home-dir /var/lib/motcua --create-home motcua
COPY --from=build /opt/motcua /opt/motcua
ENV PATH=/opt/motcua/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /var/lib/motcua
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["python", "-m", "workflows.machine_room.check", "http://127.0.0.1:8000/readyz"]
CMD ["motcua", "run", "--host", "0.0.0.0"]
