FROM python:3.12-slim
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY dossiers dossiers
COPY sla sla
COPY workflows workflows
COPY api api
RUN pip install --no-cache-dir --no-deps --no-build-isolation . && useradd --system motcua
USER motcua
EXPOSE 8000
CMD ["motcua", "run", "--host", "0.0.0.0"]
