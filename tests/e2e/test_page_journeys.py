"""What a person does on the page, from beginning to end, in a real browser on the real pipeline."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from copilot.scenarios import cases
from tests.e2e.conftest import NewPage, Server
from ui import chat, clinician, kiosk

pytestmark = pytest.mark.browser

KIOSK = kiosk.LABEL
QUESTION = "Mr John Smith: what could a blunted costophrenic angle mean?"


def ask(page: Page, question: str, label: str = clinician.ASK) -> Locator:
    """Types a question, presses Enter, and returns the checked answer when it stands there."""
    answers = page.locator("[data-testid=bot]:visible")
    before = answers.count()
    box = page.get_by_role("textbox", name=label, exact=True)
    box.fill(question)
    box.press("Enter")
    expect(answers).to_have_count(before + 1)
    return answers.last


def add(page: Page, film: Path) -> None:
    """Gives a file to the page and waits until the chat says what came of it."""
    lines = page.locator("#ws-clinician .cc-turn:not(:has(.pending))")
    before = lines.count()
    page.get_by_label("Add chest radiographs").set_input_files(film)
    expect(lines).to_have_count(before + 1)


def test_a_clinician_reads_a_film_and_opens_a_source(new_page: NewPage, film: Path) -> None:
    """Upload, ask, open the deciding fact with the keyboard, see the disclaimer; others see nothing."""
    page = new_page()
    add(page, film)
    expect(page.get_by_role("img", name="Chest film 1")).to_be_visible()
    expect(page.get_by_test_id("removed").first).to_contain_text("dropped")
    answer = ask(page, QUESTION)
    expect(answer.get_by_test_id("disclaimer")).to_contain_text("not for diagnosis")
    expect(page.get_by_test_id("always-disclaimer")).to_be_in_viewport()

    supported = answer.locator("[data-verdict=good]").first
    expect(supported).to_contain_text("Supported")
    expect(supported.get_by_test_id("source").first).to_be_hidden()
    supported.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(supported.get_by_test_id("source").first).not_to_be_empty()
    expect(supported.get_by_test_id("source").first).to_be_visible()
    expect(supported.get_by_test_id("fact").first).to_contain_text("not yet reviewed by a clinician")

    other = new_page()
    expect(other.locator("#ws-clinician .cc-example")).to_have_count(3)
    expect(other.get_by_role("img", name="Chest film")).to_have_count(0)
    second = ask(other, "What can cause a pleural effusion?")
    expect(second.locator("[data-verdict=film]")).to_have_count(0)
    assert "Smith" not in other.content()


def test_the_person_sees_the_name_and_what_was_read_instead(new_page: NewPage) -> None:
    """The chat shows the question as typed, and on request the words that everything else saw."""
    page = new_page()
    ask(page, QUESTION)
    question = page.get_by_test_id("user").last
    expect(question.locator("p").first).to_have_text(QUESTION)
    question.get_by_text("taken out before anything else read this").click()
    expect(question).to_contain_text("[NAME_1]")


def test_a_student_commits_a_read_and_sees_it_marked(new_page: NewPage) -> None:
    """Nothing is given away before; afterwards each sentence has a mark, and the case teaches."""
    page, case = new_page("student"), cases()[0]
    expect(page.get_by_role("heading", name=case.title)).to_be_visible()
    expect(page.locator("#ws-student").get_by_role("img", name="Chest film")).to_be_visible()
    expect(page.get_by_test_id("finding")).to_have_count(0)
    assert not any(point in page.content() for point in case.teaching)
    there = next(one for one in case.expected if one.state == "present")
    page.get_by_role("textbox", name="Your read").fill(f"There is a {there.side or ''} {there.name}. It was Monday.")
    page.get_by_role("button", name="Commit my read").click()
    marked = page.get_by_test_id("marked")
    expect(marked.get_by_test_id("sentence").first).to_contain_text("Right")
    expect(marked.get_by_test_id("sentence").nth(1)).to_contain_text("Not marked")
    expect(marked.get_by_test_id("score")).to_contain_text("You saw")
    expect(marked).to_contain_text(case.teaching[0][:30])
    expect(page.locator("#ws-student").get_by_role("img", name="Chest film")).to_be_visible()
    expect(page.get_by_test_id("always-disclaimer")).to_contain_text("For learning only")


def test_a_kiosk_explains_warns_and_forgets(new_page: NewPage) -> None:
    """Plain words for a term, the emergency message before anything else, and "I'm done" leaves nothing."""
    page = new_page("kiosk")
    page.get_by_role("button", name="What is a pleural effusion?").click()
    expect(page.locator("#ws-kiosk [data-testid=bot]")).to_have_count(1)
    expect(page.locator("#ws-kiosk [data-testid=bot]")).to_contain_text("effusion")
    answer = ask(page, "I have crushing chest pain. What is an effusion?", KIOSK)
    flag = page.get_by_test_id("red-flag")
    expect(flag).to_be_in_viewport(ratio=1)
    assert flag.bounding_box()["y"] < answer.bounding_box()["y"]  # type: ignore[index]
    alone = ask(page, "I want to kill myself", KIOSK)
    expect(page.get_by_test_id("red-flag").last).to_be_in_viewport(ratio=1)
    expect(alone).to_contain_text("act on the message above first")
    expect(alone.get_by_test_id("sentence")).to_have_count(0)
    expect(page.locator("#ws-kiosk")).not_to_contain_text("draft")
    page.get_by_role("button", name="I'm done").click()
    expect(page.locator("#ws-kiosk .cc-example")).to_have_count(3)
    expect(page.get_by_test_id("user")).to_have_count(0)
    assert "crushing" not in page.content()


def test_a_kiosk_clears_itself_when_nobody_touches_it(new_page: NewPage) -> None:
    """After two minutes it asks, and after twenty seconds more it wipes."""
    page = new_page("kiosk")
    page.clock.install()
    ask(page, "What does cardiomegaly mean?", KIOSK)
    page.clock.fast_forward(121_000)
    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()
    page.clock.fast_forward(21_000)
    expect(page.locator("#ws-kiosk .cc-example")).to_have_count(3)
    expect(page.get_by_test_id("user")).to_have_count(0)


def test_an_uploaded_file_is_gone_from_the_disk(new_page: NewPage, server: Server, film: Path) -> None:
    """Neither the file nor its name is left when the film is on the screen."""
    page = new_page()
    add(page, film)
    expect(page.get_by_role("img", name="Chest film 1")).to_be_visible()
    assert server.uploads == []
    raw = film.read_bytes()
    kept = [file for file in server.folder.rglob("*") if file.is_file() and file.stat().st_size == len(raw)]
    assert not any(file.read_bytes() == raw for file in kept)
    assert not any("SMITH" in file.name for file in server.folder.rglob("*"))


@pytest.mark.parametrize("content", [b"this is a letter, not a film", b"", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40])
def test_an_unusable_file_is_one_sentence_and_the_chat_goes_on(
    new_page: NewPage, server: Server, tmp_path: Path, content: bytes
) -> None:
    """The file leaves the disk all the same, and the next question is answered."""
    file = tmp_path / "letter.png"
    file.write_bytes(content)
    page = new_page()
    add(page, file)
    said = page.locator("#ws-clinician [data-testid=bot]").last
    expect(said).to_have_attribute("role", "alert")
    assert said.inner_text().count(".") <= 2
    assert server.uploads == []
    expect(ask(page, "What can cause a pleural effusion?").get_by_test_id("sentence").first).to_be_visible()


def test_the_example_film_needs_one_click(new_page: NewPage) -> None:
    """The first example opens a film and asks about it."""
    page = new_page()
    page.locator("#ws-clinician .cc-example").first.click()
    expect(page.get_by_role("img", name="Chest film 1")).to_be_visible()
    expect(page.get_by_test_id("bot").last.get_by_test_id("disclaimer")).to_be_visible()


def test_a_text_can_be_checked_without_a_question(new_page: NewPage) -> None:
    """Each sentence of a pasted text gets its verdict in words."""
    page = new_page()
    page.get_by_text("Check a text").click()
    answer = ask(page, "A pleural effusion can cause a blunted costophrenic angle. It was Monday.")
    expect(answer.get_by_test_id("sentence")).to_have_count(2)
    expect(answer.get_by_test_id("sentence").first).to_contain_text("Supported")
    expect(answer.get_by_test_id("sentence").last).not_to_contain_text("Supported")


def test_stop_ends_an_answer(new_page: NewPage) -> None:
    """While an answer is being written there is a Stop button, and the chat goes on after it."""
    page = new_page()
    box = page.get_by_role("textbox", name=clinician.ASK, exact=True)
    box.fill("What could a blunted costophrenic angle mean?")
    box.press("Enter")
    page.get_by_text("facts found").wait_for()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_test_id("bot")).to_contain_text(chat.STOPPED)
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_a_thumb_down_asks_why_and_thanks(new_page: NewPage, server: Server) -> None:
    """The reason goes to the audit without its name."""
    page = new_page()
    answer = ask(page, "What can cause a pleural effusion?")
    answer.get_by_role("button", name="Not helpful").click()
    answer.get_by_label("What was wrong?").fill("Mrs Mary Jones has another cause.")
    answer.get_by_role("button", name="Tell us").click()
    expect(answer).to_contain_text("Thank you")
    written = [file.read_bytes() for file in (server.folder / "home").rglob("*") if file.suffix in {".jsonl", ".log"}]
    assert any(b"another cause" in one for one in written)
    assert not any(b"Jones" in one for one in written)


def test_the_question_shows_before_the_server_has_it(new_page: NewPage) -> None:
    """The page reacts to Enter by itself, however slow the network is."""
    page = new_page()
    page.route("**/queue/join*", lambda route: None)
    box = page.get_by_role("textbox", name=clinician.ASK, exact=True)
    box.fill("What is this?")
    box.press("Enter")
    expect(page.get_by_test_id("user")).to_have_text("What is this?")
    expect(page.locator(".pending")).to_be_visible()
    expect(box).to_have_value("")


@pytest.mark.parametrize(
    "attack", ["<img src=x onerror='window.hacked=1'>", "${window.hacked=1}", "{{#with this}}x{{/with}}"]
)
def test_typed_markup_stays_text(new_page: NewPage, attack: str) -> None:
    """Neither the browser nor Gradio's templates run what a person typed."""
    page = new_page()
    ask(page, f"{attack} What is a pleural effusion?")
    expect(page.get_by_test_id("user").locator("p").first).to_contain_text(attack)
    assert page.evaluate("window.hacked === undefined")


def test_opened_facts_stay_open_while_the_next_answer_is_written(new_page: NewPage) -> None:
    """Redrawing the chat does not close what the person reads."""
    page = new_page()
    first = ask(page, "What could a blunted costophrenic angle mean?").get_by_test_id("sentence").first
    first.locator("summary").click()
    ask(page, "What can cause a pleural effusion?")
    expect(page.get_by_test_id("sentence").first).to_have_attribute("open", "")


@pytest.mark.parametrize("persona", ["clinician", "student", "kiosk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_never_scrolls_sideways(new_page: NewPage, persona: str, scheme: str) -> None:
    """390 pixels are enough, and the disclaimer is in view there, too."""
    page = new_page(persona, color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_test_id("always-disclaimer")).to_be_in_viewport()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(243, 246, 248)"
    assert dark is (scheme == "dark")


def test_workspaces_are_tabs_for_the_keyboard(new_page: NewPage) -> None:
    """Arrow keys move between them, and the address remembers the choice."""
    page = new_page()
    page.get_by_role("tab", name="Clinician").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Student")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Student")).to_be_visible()
    assert "persona=student" in page.url


def test_nothing_typed_is_in_the_log(new_page: NewPage, server: Server) -> None:
    """The process that serves the page never writes what a person says."""
    ask(new_page(), "Mr Zebulon Quackenbush: what could a blunted costophrenic angle mean?")
    assert "Quackenbush" not in server.log
    assert "costophrenic" not in server.log


def grave(page: Page) -> list[str]:
    """What axe-core calls serious or critical on the page as it stands."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_workspace_is_accessible(new_page: NewPage, film: Path, scheme: str, width: int) -> None:
    """Empty and with an answer, a film, opened facts and a red flag: axe-core has nothing serious to say."""
    page = new_page(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    assert grave(page) == []
    add(page, film)
    answer = ask(page, "Crushing chest pain: what could a blunted costophrenic angle mean?")
    for summary in answer.locator("summary").all():
        summary.click()
    answer.get_by_role("button", name="Not helpful").click()
    assert grave(page) == []
    page.get_by_role("tab", name="Student").click()
    page.get_by_role("textbox", name="Your read").fill("There is a pleural effusion. It was Monday.")
    assert grave(page) == []
    page.get_by_role("button", name="Commit my read").click()
    page.get_by_test_id("marked").wait_for()
    assert grave(page) == []
    page.get_by_role("tab", name="Kiosk").click()
    assert grave(page) == []
    ask(page, "What is an effusion?", KIOSK)
    assert grave(page) == []


def test_words_are_tried_on_a_film(new_page: NewPage) -> None:
    """Words for what the encoder learned get a share and a note, others a sentence; both are called exploratory."""
    page = new_page()
    page.locator("#ws-clinician .cc-example").first.click()
    box = page.get_by_label("Does it look like")
    box.fill("left lower lobe collapse")
    box.press("Enter")
    told = page.get_by_test_id("explored")
    expect(told).to_contain_text("reference films")
    page.get_by_label("Does it look like").fill("rib fracture")
    page.get_by_role("button", name="Try").click()
    expect(told).to_contain_text("never learned to see")
    expect(page.locator(".cc-tried")).to_contain_text("not a finding")


def test_a_film_is_measured_marked_and_compared(new_page: NewPage, film: Path) -> None:
    """Lungs over the film, a region by a drag with its area, and the first film called the earlier one."""
    page = new_page()
    add(page, film)
    viewer = page.locator("[data-film-view='0']")
    lungs = viewer.locator("[data-layer=lungs]")
    expect(lungs).to_be_hidden()
    viewer.get_by_role("button", name="Lungs").click()
    expect(lungs).to_be_visible()
    expect(lungs.locator("path")).to_have_count(2)

    viewer.get_by_role("button", name="Mark a region").click()
    box = viewer.locator(".cc-canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.15 * box["width"], box["y"] + 0.55 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 0.85 * box["height"], steps=4)
    page.mouse.up()
    expect(viewer.get_by_test_id("regions")).to_contain_text("Region 1")
    expect(viewer.locator("[data-layer=regions] path")).to_have_count(1)
    expect(lungs).to_be_visible()

    add(page, film)
    page.get_by_role("button", name="Film 1").click()
    viewer.get_by_role("button", name="Use as the earlier film").click()
    expect(viewer).to_contain_text("What changed stands with film 2")
    page.get_by_role("button", name="Film 2").click()
    changes = page.locator("[data-film-view='1']").get_by_test_id("changes")
    expect(changes).to_be_visible()
    expect(changes).not_to_contain_text("New")
    faded = page.locator("[data-film-view='1'] [data-layer=earlier]")
    expect(faded).to_be_hidden()
    page.locator("[data-film-view='1']").get_by_label("Fade the earlier film in over this one").fill("60")
    expect(faded).to_be_visible()


def test_a_question_waits_for_films_that_are_read(new_page: NewPage, film: Path) -> None:
    """Enter while a film is read is not lost; two films given one after the other are both there before it goes."""
    page = new_page()
    files = page.get_by_label("Add chest radiographs")
    files.set_input_files(film)
    files.set_input_files(film)
    box = page.get_by_role("textbox", name=clinician.ASK, exact=True)
    box.fill("What could a blunted costophrenic angle mean?")
    box.press("Enter")
    expect(page.locator(".cc-waits").first).to_contain_text("Waiting")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    expect(page.get_by_test_id("bot").last.get_by_test_id("disclaimer")).to_be_visible()
    expect(box).to_have_value("")
    expect(page.locator(".cc-waits").first).to_be_empty()
    expect(page.get_by_test_id("user")).to_have_count(1)
    expect(page.get_by_role("button", name="Film 2", exact=True)).to_be_visible()
    assert page.get_by_test_id("user").bounding_box()["y"] < 300  # type: ignore[index]  # brought into view once more


def test_how_a_film_is_set_stays_when_the_panel_is_redrawn(new_page: NewPage, film: Path) -> None:
    """Also by a question that speaks of an earlier film; and a film can be taken out."""
    page = new_page()
    add(page, film)
    first = page.locator("[data-film-view='0']")
    first.get_by_role("button", name="Invert").click()
    first.get_by_label("Contrast").fill("150")
    page.get_by_label("Add chest radiographs").set_input_files(
        {"name": "other.png", "mimeType": "image/png", "buffer": cases()[0].film}
    )
    page.get_by_role("button", name="Film 1").click()
    ask(page, "Has the effusion changed since the previous film?")
    expect(page.get_by_role("button", name="Film 1 (earlier)")).to_be_visible()
    expect(first.get_by_role("button", name="Invert")).to_have_attribute("aria-pressed", "true")
    expect(first.get_by_role("img", name="Chest film 1")).to_have_css("filter", "contrast(1.5) brightness(1) invert(1)")
    first.get_by_role("button", name="Take this film out").click()
    expect(page.locator("#ws-clinician .cc-turn").last).to_contain_text("Film 1 was taken out")
    expect(page.locator("[data-film-view]")).to_have_count(1)
    expect(first.get_by_role("button", name="Invert")).to_have_attribute("aria-pressed", "false")
