# Two stages: llama.cpp is compiled in the first, the second carries no compiler.
FROM python:3.12-slim-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
RUN python -m venv /opt/copilot
COPY requirements.lock ./
# GGML_NATIVE off: the image must run on machines older than the one it was built on.
RUN CMAKE_ARGS="-DGGML_NATIVE=OFF" /opt/copilot/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY copilot copilot
COPY guardrails guardrails
COPY kg kg
COPY ui ui
RUN /opt/copilot/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim-bookworm
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data copilot \
    && install --directory --owner copilot --mode 700 /data
COPY --from=build /opt/copilot /opt/copilot
ENV PATH=/opt/copilot/bin:$PATH COPILOT_HOME=/data GRADIO_TEMP_DIR=/tmp/gradio PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/', timeout=4)"]
CMD ["copilot-ui", "--host", "0.0.0.0"]
