"""`/healthz`, `/readyz`, `/metrics`: for those who run the service."""

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, Response

from service.hub import Hub, hub_of
from service.readiness import ReadinessChecks
from service.routes.examples import HEALTH_EXAMPLE, METRICS, READY_EXAMPLE
from service.routes.told import problems
from service.schemas import Health, Readiness

router = APIRouter(tags=["operation"])
With = Annotated[Hub, Depends(hub_of)]


@router.get("/healthz", responses={200: HEALTH_EXAMPLE, **problems()})
async def healthz() -> Health:
    """Whether the process lives; looks at nothing else."""
    return Health(version=version("asterism"))


@router.get(
    "/readyz",
    response_model=Readiness,
    responses={
        **problems(),
        200: READY_EXAMPLE,
        503: {"model": Readiness, "description": "No questions can be answered now."},
    },
)
async def readyz(request: Request, hub: With) -> Response:
    """Whether questions can be answered, and by name what is degraded."""
    checks = request.app.state.readiness
    assert isinstance(checks, ReadinessChecks)
    found = await checks.look()
    if hub.runs.draining:
        found = Readiness(status="not ready", parts={**found.parts, "server": "being stopped"})
    return JSONResponse(found.model_dump(), status_code=503 if found.status == "not ready" else 200)


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {
            "description": "Prometheus text.",
            "content": {"text/plain": {"schema": {"type": "string"}, "example": METRICS}},
        },
        **problems(),
    },
)
async def metrics(hub: With) -> Response:
    """Counters and timings for Prometheus."""
    return Response(hub.metrics.text(), media_type=CONTENT_TYPE_LATEST)
