from hypothesis import given
from hypothesis import strategies as st

from tools.clean.align import align
from tools.clean.blocks import Block

INTRO = Block("paragraph", "The harbour office keeps these tables and sends them out each week.")
NAMES = [Block("item", name, is_link=True) for name in ("Tide", "Moor table", "Lamp", "Moor")]
END = Block("paragraph", "Whoever needs a copy may ask for one at the desk on any day but Sunday.")


def heap(blocks: list[Block]) -> list[Block]:
    """What a cleaner makes of a page it sees no structure in: one paragraph."""
    return [Block("paragraph", " ".join(block.text for block in blocks))]


def test_a_heap_of_names_becomes_the_list_it_was_on_the_page() -> None:
    walked = [INTRO, *NAMES, END]
    assert align(heap(walked), walked) == walked


def test_a_short_block_that_only_stands_somewhere_in_the_text_is_left_out() -> None:
    menu = [Block("item", "Sunday"), Block("item", "Lamp")]
    assert align([INTRO, END], [*menu, INTRO, END]) == [INTRO, END]


@given(st.lists(st.text("ab c", min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=12))
def test_nothing_comes_back_that_the_page_or_the_cleaner_has_not(texts: list[str]) -> None:
    walked = [Block("paragraph", text) for text in texts]
    chosen = heap(walked)
    found = align(chosen, walked)
    assert found == chosen or all(block in walked for block in found)
