"""The verifier's further layers that the settings name."""

from contextlib import AsyncExitStack
from pathlib import Path

from agent.errors import Misconfigured
from agent.settings import VerifySettings
from agent.verify.cross_encoder import open_cross_encoder
from agent.verify.judge import ModelJudge
from agent.verify.opinion import Layer
from model_backend import ChatModel


def open_layers(settings: VerifySettings, model: ChatModel, stack: AsyncExitStack) -> tuple[Layer, ...]:
    """In the order of the settings; the classifier is part of the verifier itself. The stack closes them.

    Raises:
        Misconfigured: when none is named, or one cannot be used.
    """
    if not settings.layers:
        raise Misconfigured(
            "The verifier has no layer.", remedy='Set ASTERISM_VERIFY__LAYERS to ["classifier"] or more.'
        )
    layers: list[Layer] = []
    for name in dict.fromkeys(settings.layers):
        if name == "cross_encoder":
            if not settings.cross_encoder:
                raise Misconfigured(
                    "The verifier's cross-encoder has no folder.",
                    remedy="Set ASTERISM_VERIFY__CROSS_ENCODER to a folder with model.onnx, tokenizer.json and "
                    "config.json.",
                )
            layers.append(open_cross_encoder(Path(settings.cross_encoder).expanduser(), threads=settings.threads))
        elif name == "model" and model.name != "embedded":
            # The embedded model quotes; it has no judgement to add.
            layers.append(ModelJudge(model))
    for layer in layers:
        stack.push_async_callback(layer.aclose)
    return tuple(layers)
