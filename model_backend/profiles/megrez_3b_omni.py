"""Megrez-3B-Omni: text, pictures and recordings in, text out. No engine serves it with OpenAI's API but ours."""

from model_backend.profiles import AttachmentLimits, Launch, ModelProfile, Sampling
from model_backend.profiles._megrez import STOP, STOP_TOKEN_IDS

PROFILE = ModelProfile(
    id="megrez-3b-omni",
    title="Megrez-3B-Omni",
    served_names=("*megrez-3b-omni*", "*megrez*omni*"),
    weights="Infinigence/Megrez-3B-Omni",
    licence="Apache-2.0",  # model card
    modalities=("text", "image", "audio"),
    context_tokens=4096,  # configuration and README
    kv_bytes_per_token=80 * 1024,  # derived; the language model is that of Instruct
    dialect="megrez",  # a guess: built on the Instruct model, but nothing is published about calls
    first_rung="json_words",
    # Our server for it forces nothing and parses nothing.
    rungs=("dialect", "json_words", "rules"),
    stop=STOP,
    stop_token_ids=STOP_TOKEN_IDS,
    keeps_special_tokens=True,
    sampling=Sampling(temperature=0.7, top_p=0.8, repetition_penalty=1.2),  # the authors' demo
    attachments=AttachmentLimits(
        max_images=1,  # the authors' demo
        max_recordings=1,  # the authors' demo
        together=False,  # reported to fail (issue 19 of the authors' repository)
        image_types=("image/jpeg", "image/png", "image/bmp", "image/tiff", "image/webp"),  # the authors' demo
        audio_types=("audio/mpeg", "audio/mp3", "audio/wav", "audio/x-wav", "audio/wave"),  # the authors' demo
        max_audio_s=30.0,  # 1,500 frames of the Whisper encoder
        image_tokens=640,  # 64 query tokens for each of 10 slices at most (the authors' vLLM code)
        audio_tokens=3000,  # the authors' vLLM code
    ),
    launches=(
        Launch(
            engine="transformers",
            flags=("--family", "omni"),
            note="Needs torch 2.1 or later, transformers 4.44, and ffmpeg for recordings.",
        ),
    ),
    unverified=("dialect", "first_rung"),
)
