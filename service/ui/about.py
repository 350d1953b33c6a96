"""What the page may offer: who answers, what they take, and what is out of order."""

from model_backend.profiles import AttachmentLimits, load_profile, profile_ids
from service.hub import Hub
from service.readiness import ReadinessChecks
from service.ui.shown import Shown


class About(Shown):
    """Told once when the page opens."""

    model: str
    profile: str
    attachments: AttachmentLimits
    """Pictures and recordings that the model takes; all zero when it takes none."""
    providers: list[str]
    """Who is asked for results, in order."""
    share: bool
    """Whether links to threads may be made."""
    status: str
    """As `/readyz`."""
    parts: dict[str, str]
    """As `/readyz`: each part `ok`, or what is wrong with it."""


async def about(hub: Hub, readiness: ReadinessChecks) -> About:
    """What there is now."""
    found = await readiness.look()
    model = hub.agent.model
    known = model.profile in profile_ids()
    return About(
        model=model.name,
        profile=model.profile,
        attachments=load_profile(model.profile).attachments if known else AttachmentLimits(),
        providers=list(hub.settings.search.providers),
        share=hub.settings.service.share,
        status=found.status,
        parts=found.parts,
    )
