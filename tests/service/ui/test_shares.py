"""Links that show a thread to whoever has them."""

from agent.settings import ServiceSettings
from tests.doubles import make_agent, memory_settings
from tests.service.serving import QUESTION, saying_model, serving

SHARING = memory_settings(service=ServiceSettings(share=True))


async def test_a_link_shows_the_thread_without_a_key_until_it_is_taken_back() -> None:
    async with serving(make_agent(saying_model(), settings=SHARING), SHARING, require_key=True) as served:
        key = {"Authorization": f"Bearer {(await served.hub.keys.add('alice'))[1]}"}
        other = {"Authorization": f"Bearer {(await served.hub.keys.add('bob'))[1]}"}
        answer = (await served.client.post("/ask", json={"question": QUESTION}, headers=key)).json()
        path = f"/ui/threads/{answer['thread_id']}/share"
        assert (await served.client.get(path, headers=key)).json() == {"id": ""}
        assert (await served.client.post(path, headers=other)).status_code == 404
        link = (await served.client.post(path, headers=key)).json()["id"]
        assert (await served.client.post(path, headers=key)).json()["id"] == link

        page = await served.client.get(f"/shared/{link}")
        assert 'data-view="shared"' in page.text
        shown = await served.client.get(f"/ui/shared/{link}")
        assert "87 metres" in shown.text
        assert answer["run_id"] not in shown.text
        assert answer["thread_id"] not in shown.text

        assert (await served.client.delete(path, headers=other)).status_code == 404
        assert (await served.client.delete(path, headers=key)).status_code == 204
        assert (await served.client.get(f"/ui/shared/{link}")).status_code == 404


async def test_a_link_goes_with_its_thread() -> None:
    async with serving(make_agent(saying_model(), settings=SHARING), SHARING) as served:
        answer = (await served.client.post("/ask", json={"question": QUESTION})).json()
        link = (await served.client.post(f"/ui/threads/{answer['thread_id']}/share")).json()["id"]
        assert (await served.client.delete(f"/threads/{answer['thread_id']}")).status_code == 204
        assert (await served.client.get(f"/ui/shared/{link}")).status_code == 404


async def test_where_links_are_not_allowed_they_do_not_exist() -> None:
    async with serving() as served:
        answer = (await served.client.post("/ask", json={"question": QUESTION})).json()
        assert (await served.client.post(f"/ui/threads/{answer['thread_id']}/share")).status_code == 404
        assert (await served.client.get("/shared/" + "x" * 32)).status_code == 404
        assert (await served.client.get("/ui/about")).json()["share"] is False
