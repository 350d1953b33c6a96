"""Describing: the model puts pictures and recordings into words before anything is searched for."""

from agent.attached import describe as put_into_words
from agent.attached import with_words
from agent.context import KEEP_FOR_ANSWER, Context
from agent.events import AttachmentsDescribed, Tell
from agent.state import State, Update
from tools.text.words import is_chinese

DESCRIBE_TIMEOUT_S = 20.0
"""Longest wait for the words of a picture or a recording: reading 640 to 3,000 tokens and writing 300."""


async def describe(state: State, ctx: Context, tell: Tell) -> Update:
    """From here on the question holds what its files show and say; it is answered in the language of a recording."""
    timeout_s = ctx.deadline.stage_s(DESCRIBE_TIMEOUT_S, keep=KEEP_FOR_ANSWER)
    described = await put_into_words(
        ctx.model, ctx.options.attachments, state.question, state.language, timeout_s=timeout_s
    )
    tell(AttachmentsDescribed(attachments=list(described.notes)))
    question = with_words(state.question, described.notes, state.language)
    heard = any(note.kind == "audio" for note in described.notes) and ctx.options.language is None
    return {
        "question": question,
        "language": ("zh" if is_chinese(question) else "en") if heard else state.language,
        "attachments": [note.model_dump() for note in described.notes],
        "input_tokens": state.input_tokens + described.usage.input_tokens,
        "output_tokens": state.output_tokens + described.usage.output_tokens,
    }
