/* The page's own behaviour: workspaces as tabs, composers, films, thumbs, the kiosk's clock.
   Knows nothing of Gradio beyond what a component hands it: its element, `trigger`, `upload` and `watch`. */
(() => {
  "use strict";
  const PERSONAS = ["clinician", "student", "kiosk"];
  const IDLE_MS = 120000, GRACE_MS = 20000, RELEASE_MS = 15000, LARGEST = 256 * 2 ** 20, LONGEST = 20000;
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).get("persona");
  root.dataset.persona = PERSONAS.includes(asked) ? asked : "clinician";
  root.lang = "en";
  const composers = {}, resets = {};

  const el = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text; // never innerHTML: this is what a person typed
    return made;
  };
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

  /* --- workspaces ------------------------------------------------------------------------------------------ */
  function choose(persona, focus) {
    root.dataset.persona = persona;
    const url = new URL(location.href);
    url.searchParams.set("persona", persona);
    history.replaceState(null, "", url);
    $$(".cc-tab").forEach(tab => {
      const on = tab.dataset.persona === persona;
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) tab.focus();
    });
    document.dispatchEvent(new CustomEvent("cc-persona", { detail: persona }));
  }
  function header(element) {
    const tabs = $$(".cc-tab", element);
    tabs.forEach(tab => tab.addEventListener("click", () => choose(tab.dataset.persona)));
    element.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step || !event.target.matches(".cc-tab")) return;
      const at = PERSONAS.indexOf(root.dataset.persona);
      choose(PERSONAS[(at + step + PERSONAS.length) % PERSONAS.length], true);
    });
    choose(root.dataset.persona);
  }
  function panel(element, workspace) {
    // Called by what stands in the panel: on a slow machine the tabs are there before their panels are.
    const around = element.closest("#ws-" + workspace);
    around.setAttribute("role", "tabpanel");
    around.setAttribute("aria-labelledby", "tab-" + workspace);
  }

  /* --- the chat log ---------------------------------------------------------------------------------------- */
  function remember(element, watch) {
    // The log is redrawn in place, which would close what the person has opened.
    const wanted = new WeakSet();
    element.addEventListener("click", event => {
      const summary = event.target.closest("summary");
      if (summary) summary.parentElement.open ? wanted.delete(summary.parentElement) : wanted.add(summary.parentElement);
    });
    watch("value", () => $$("details", element).forEach(one => { if (wanted.has(one)) one.open = true; }));
  }
  function toEnd(box) {
    const last = box.lastElementChild;
    if (!last) return;
    if (box.scrollHeight > box.clientHeight + 4) {
      // Show the beginning of the newest exchange, not its end: a person reads from the top.
      box.scrollTop += last.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
    } else if (getComputedStyle(box).overflowY === "visible" && last.matches(".cc-turn:has(.cc-msg)")) {
      last.scrollIntoView({ block: "start" }); // the page scrolls, not the log
    }
  }
  // Whoever scrolls by themselves while an answer is written is left where they are.
  let scrolled = false;
  const SCROLLING = ["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"];
  ["wheel", "touchmove", "pointerdown"].forEach(kind => document.addEventListener(kind, () => { scrolled = true; }, { passive: true }));
  document.addEventListener("keydown", event => {
    if (SCROLLING.includes(event.key) && !event.target.matches("textarea, input")) scrolled = true;
  });
  function log(element, trigger, watch, workspace) {
    const box = $("[role=log]", element);
    panel(element, workspace);
    remember(element, watch);
    let turns = 0;
    watch("value", () => {
      const now = $$(".cc-turn", box).length, before = busy(workspace);
      // The answer is longer than what said that it was coming: it is brought into view once more.
      if (now !== turns || (before && !scrolled)) toEnd(box);
      turns = now;
      mark(workspace);
      if (before && !busy(workspace)) composers[workspace]?.free();
    });
    resets[workspace] = () => { box.replaceChildren(); turns = 0; mark(workspace); };
    element.addEventListener("click", event => {
      const example = event.target.closest("[data-example]");
      if (example) return composers[workspace].send(example.dataset.text, example.dataset.mode || "ask", example.dataset.example);
      const button = event.target.closest("[data-rate]");
      if (button) thumb(button, trigger);
    });
    element.addEventListener("keydown", event => {
      if (event.key === "Enter" && event.target.closest(".cc-reason")) $("[data-rate=send]", event.target.closest(".cc-thumbs")).click();
    });
  }
  function thumb(button, trigger) {
    const group = button.closest(".cc-thumbs"), reason = $(".cc-reason", group), turn = Number(group.dataset.turn);
    if (button.dataset.rate === "down") {
      reason.hidden = false;
      button.setAttribute("aria-expanded", "true");
      return $("input", reason).focus();
    }
    trigger("rate", { turn, good: button.dataset.rate === "up", reason: $("input", reason).value });
  }
  const space = workspace => document.getElementById("ws-" + workspace);
  const busy = workspace => space(workspace).classList.contains("cc-busy");
  function mark(workspace) {
    // Busy: something is in progress, and a question waits for it. Answering: what is in progress can be stopped.
    const on = !!$("[role=log] .pending", space(workspace));
    space(workspace).classList.toggle("cc-busy", on);
    space(workspace).classList.toggle("cc-answering", !!$("[role=log] .cc-turn:has(.cc-user) .pending", space(workspace)));
    $("[role=log]", space(workspace)).setAttribute("aria-busy", on);
  }
  function pending(workspace, text, stage) {
    // The first sign of life does not wait for the server; the server's own drawing takes its place.
    const box = $(`#ws-${workspace} [role=log]`);
    $(".cc-welcome", box)?.remove();
    const turn = el("article", "cc-turn");
    if (text) {
      const user = el("div", "cc-msg cc-user message user");
      user.dataset.testid = "user";
      user.append(el("p", "", text));
      turn.append(user);
    }
    const wait = el("div", "cc-msg cc-bot message bot pending");
    wait.setAttribute("role", "status");
    wait.setAttribute("aria-busy", "true");
    const list = el("ol", "cc-stages"), item = el("li", "cc-now");
    const spin = el("span", "cc-spin");
    spin.setAttribute("aria-hidden", "true");
    item.append(spin, " " + stage + " …");
    list.append(item);
    wait.append(list);
    turn.append(wait);
    box.append(turn);
    mark(workspace);
    scrolled = false;
    toEnd(box);
  }

  function release(workspace) {
    // A server that has gone away will never say that it stopped; the person can go on all the same.
    $$(`#ws-${workspace} [role=log] .cc-turn:has(.cc-user) .pending`).forEach(wait => {
      const said = el("div", "cc-msg cc-bot cc-error message bot");
      said.setAttribute("role", "alert");
      said.append(el("p", "", "The server did not answer; please reload this page."));
      wait.replaceWith(said);
    });
    mark(workspace);
  }

  /* --- composers ------------------------------------------------------------------------------------------- */
  function composer(element, trigger, workspace) {
    const form = $("form", element), area = $("textarea", form);
    const mode = () => $("input[name=cc-mode]:checked", form)?.value || "ask";
    const grow = () => { area.style.height = "auto"; area.style.height = Math.min(area.scrollHeight + 2, 260) + "px"; };
    // What is sent while a film is read or an answer written stays in the box, to be changed or taken back, and goes then.
    let waits = false;
    const wait = on => { waits = on; $(".cc-waits", form).textContent = on ? "Waiting: goes as soon as this is done. Change it to hold it back." : ""; };
    const send = (text, how, example) => {
      if (!text.trim()) return;
      if (busy(workspace)) { if (example === undefined) wait(true); return; }
      wait(false);
      const stage = example === "film" ? "Reading the film" : how === "check" ? "Checking your text" : "Removing identifiers";
      pending(workspace, text.length > LONGEST ? text.slice(0, 300) + "…" : text, stage);
      trigger("submit", { text, mode: how, film: example === "film" });
      area.value = "";
      grow();
    };
    composers[workspace] = { send, free: () => { if (waits) send(area.value, mode()); } };
    form.addEventListener("submit", event => { event.preventDefault(); send(area.value, mode()); area.focus(); });
    area.addEventListener("input", () => { wait(false); grow(); });
    area.addEventListener("keydown", event => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send(area.value, mode());
    });
    $$("input[name=cc-mode]", form).forEach(radio => radio.addEventListener("change", () => {
      form.dataset.mode = mode();
      area.placeholder = mode() === "check" ? area.dataset.check : area.dataset.ask;
    }));
    $("[data-stop]", form)?.addEventListener("click", () => { trigger("stop", {}); setTimeout(() => release(workspace), RELEASE_MS); });
    form.cc_clear = () => { wait(false); area.value = ""; grow(); };
  }

  /* --- films ----------------------------------------------------------------------------------------------- */
  function filmPanel(element, trigger, upload, watch) {
    const input = $("input[type=file]", element), panel = $(".cc-drop", element);
    const take = async files => {
      if (!files.length) return;
      pending("clinician", "", files.length > 1 ? `Reading ${files.length} films` : "Reading the film");
      const paths = [], refused = [];
      for (const file of files) {
        try {
          if (file.size > LARGEST) throw new Error("too large");
          // The name of a file is often the name of a patient: it stays here.
          paths.push((await upload(new File([file], "film-" + crypto.getRandomValues(new Uint32Array(2)).join("")))).path);
        } catch { refused.push(file.size); }
      }
      trigger("upload", { paths, refused });
    };
    input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
    const here = () => root.dataset.persona === "clinician";
    document.addEventListener("dragover", event => { if (here()) { event.preventDefault(); panel.classList.add("cc-over"); } });
    document.addEventListener("dragleave", event => { if (!event.relatedTarget) panel.classList.remove("cc-over"); });
    document.addEventListener("drop", event => {
      if (!here()) return;
      event.preventDefault();
      panel.classList.remove("cc-over");
      take([...event.dataTransfer.files]);
    });
    viewer(element);
    keepLooks(element, watch);
    marking(element, trigger);
    // The panel is redrawn when something changes on a film: the film in view, and what lies over it, stay.
    let shown = null, layers = [];
    element.addEventListener("click", () => setTimeout(() => {
      shown = $("[data-film][aria-pressed=true]", element)?.dataset.film ?? null;
      layers = $$("[data-show][aria-pressed=true]", element).map(one => [filmOf(one), one.dataset.show]);
    }));
    let held = 0;
    watch("value", () => {
      const now = $$("[data-film-view]", element).length;
      if (now === held && shown !== null) show(element, shown);
      if (now !== held) shown = null;
      if (now < held) layers = []; // their numbers are no longer theirs
      if (now > held && matchMedia("(max-width: 900px)").matches) element.scrollIntoView({ block: "start" });
      held = now;
      layers.forEach(([film, layer]) => {
        const view = $(`[data-film-view="${film}"]`, element);
        if (view) toggle($(`[data-show="${layer}"]`, view));
      });
    });
    element.addEventListener("click", event => {
      const { earlier, wanted, remove } = event.target.closest("button")?.dataset ?? {};
      if (earlier !== undefined) trigger("earlier", { film: Number(earlier), earlier: wanted === "true" });
      if (remove !== undefined) trigger("remove", { film: Number(remove) });
    });
    element.addEventListener("submit", event => {
      event.preventDefault();
      const form = event.target, text = $("input", form).value, button = $("button", form);
      if (!text.trim() || button.disabled) return;
      button.disabled = true;
      button.textContent = "Looking …";
      trigger("explore", { film: Number(form.dataset.explore), text });
    });
  }
  const filmOf = element => Number(element.closest("[data-film-view]").dataset.filmView);
  function toggle(button) {
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true", view = button.closest("[data-film-view]");
    button.setAttribute("aria-pressed", on);
    $(`[data-layer="${button.dataset.show}"]`, view)?.toggleAttribute("hidden", !on);
  }
  function marking(element, trigger) {
    // A drag marks a box, a click stands for a box around it. Places are shares of the film's sides.
    let start = null, box = null;
    const at = (event, canvas) => {
      const r = canvas.getBoundingClientRect();
      return [Math.min(Math.max((event.clientX - r.left) / r.width, 0), 1), Math.min(Math.max((event.clientY - r.top) / r.height, 0), 1)];
    };
    element.addEventListener("pointerdown", event => {
      const canvas = event.target.closest(".cc-marking .cc-canvas");
      if (!canvas) return;
      event.preventDefault();
      canvas.setPointerCapture?.(event.pointerId);
      start = { canvas, from: at(event, canvas) };
      box = el("div", "cc-box");
      canvas.append(box);
    });
    element.addEventListener("pointermove", event => {
      if (!start) return;
      const [x, y] = at(event, start.canvas), [u, v] = start.from;
      Object.assign(box.style, { left: 100 * Math.min(x, u) + "%", top: 100 * Math.min(y, v) + "%", width: 100 * Math.abs(x - u) + "%", height: 100 * Math.abs(y - v) + "%" });
    });
    element.addEventListener("pointerup", event => {
      if (!start) return;
      const corners = [...start.from, ...at(event, start.canvas)], film = filmOf(start.canvas);
      box.remove();
      start = box = null;
      trigger("region", { film, corners });
    });
  }
  function adjust(figure) {
    const value = name => $(`[data-tool=${name}]`, figure).value;
    const inverted = $("[data-tool=invert]", figure).getAttribute("aria-pressed") === "true";
    $("img", figure).style.filter = `contrast(${value("contrast")}%) brightness(${value("brightness")}%)${inverted ? " invert(1)" : ""}`;
  }
  function keepLooks(element, watch) {
    // Redrawing would show every film as it came, not as the person has set it. A film is known by its picture.
    const tools = "[data-tool=contrast], [data-tool=brightness], [data-fade]";
    const pictured = view => $("img", view).getAttribute("src");
    let looks = [];
    const note = () => {
      looks = $$("[data-film-view]", element).map(view => ({
        picture: pictured(view),
        inverted: $("[data-tool=invert]", view).getAttribute("aria-pressed"),
        values: $$(tools, view).map(one => [one.dataset.tool ?? one.dataset.fade, one.value]),
      }));
    };
    element.addEventListener("input", note);
    element.addEventListener("click", () => setTimeout(note));
    watch("value", () => {
      $$("[data-film-view]", element).forEach(view => {
        const look = looks.find(one => one.picture === pictured(view)) ?? { inverted: "false", values: [["contrast", 100], ["brightness", 100], ["earlier", 0]] };
        $("[data-tool=invert]", view).setAttribute("aria-pressed", look.inverted);
        look.values.forEach(([name, value]) => {
          const range = $(`[data-tool=${name}], [data-fade=${name}]`, view);
          if (range) range.value = value;
        });
        adjust($("figure", view));
        $$("[data-fade]", view).forEach(fade);
      });
    });
  }
  function fade(range) {
    const layer = $(`[data-layer="${range.dataset.fade}"]`, range.closest("figure"));
    layer.hidden = range.value === "0";
    layer.style.opacity = range.value / 100;
  }
  function viewer(element) {
    element.addEventListener("input", event => {
      if (event.target.matches("[data-tool]")) adjust(event.target.closest("figure"));
      if (event.target.matches("[data-fade]")) fade(event.target);
    });
    element.addEventListener("click", event => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.film) show(element, button.dataset.film);
      if (button.dataset.tool === "invert") {
        button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
        adjust(button.closest("figure"));
      }
      if (button.dataset.show) toggle(button);
      if (button.dataset.tool === "mark") {
        button.setAttribute("aria-pressed", button.closest("figure").classList.toggle("cc-marking"));
      }
      if (button.dataset.tool === "enlarge") enlarge($(".cc-canvas", button.closest("figure")));
    });
  }
  function show(element, index) {
    $$("[data-film-view]", element).forEach(view => { view.hidden = view.dataset.filmView !== index; });
    $$("[data-film]", element).forEach(button => button.setAttribute("aria-pressed", button.dataset.film === index));
  }
  function enlarge(canvas) {
    const dialog = el("dialog", "cc-large"), close = el("button", "cc-close", "Close");
    dialog.setAttribute("aria-label", $("img", canvas).alt);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    dialog.append(canvas.cloneNode(true), close);
    $(".gradio-container").append(dialog);
    dialog.showModal();
  }

  /* --- student --------------------------------------------------------------------------------------------- */
  function student(element, trigger, watch) {
    const open = () => { if (root.dataset.persona === "student" && $("[data-case-closed]", element)) trigger("opened", {}); };
    panel(element, "student");
    document.addEventListener("cc-persona", open);
    open();
    viewer(element);
    keepLooks(element, watch);
    remember(element, watch);
    element.addEventListener("submit", event => {
      event.preventDefault();
      const area = $("textarea", element), button = $("button[type=submit]", element);
      if (!area.value.trim() || button.disabled) return;
      button.disabled = true;
      button.textContent = "Marking your read …";
      trigger("submit", { text: area.value });
    });
    element.addEventListener("click", event => { if (event.target.closest("[data-next]")) trigger("another", {}); });
    watch("value", () => {
      const button = $("button[type=submit]", element);
      if (button) { button.disabled = false; button.textContent = "Commit my read"; }
      const marked = $(".cc-marked", element);
      if (marked) { marked.tabIndex = -1; marked.focus({ preventScroll: true }); marked.scrollIntoView({ block: "start" }); }
    });
  }

  /* --- kiosk ----------------------------------------------------------------------------------------------- */
  function kiosk(element, trigger) {
    let timer = 0, grace = 0, touched = false;
    const dialog = $("dialog", element);
    const wipe = () => {
      clearTimeout(timer); clearTimeout(grace);
      touched = false;
      if (dialog.open) dialog.close();
      resets.kiosk?.();
      $("#ws-kiosk form")?.cc_clear();
      trigger("clear", {});
      window.scrollTo(0, 0);
    };
    const warn = () => {
      if (root.dataset.persona !== "kiosk") return wipe();
      dialog.showModal();
      grace = setTimeout(wipe, GRACE_MS);
    };
    const alive = event => {
      if (!event.target.closest?.("#ws-kiosk") || event.target.closest("[data-done]")) return;
      touched = true;
      clearTimeout(timer); clearTimeout(grace);
      timer = setTimeout(warn, IDLE_MS);
    };
    ["pointerdown", "keydown", "input", "wheel", "touchmove"].forEach(kind => document.addEventListener(kind, alive, { passive: true }));
    $$("[data-done]", element).forEach(button => button.addEventListener("click", wipe));
    $("[data-stay]", dialog).addEventListener("click", () => { clearTimeout(grace); dialog.close(); timer = setTimeout(warn, IDLE_MS); });
    dialog.addEventListener("cancel", () => { clearTimeout(grace); timer = setTimeout(warn, IDLE_MS); });
    document.addEventListener("cc-persona", event => { if (event.detail !== "kiosk" && touched) wipe(); });
  }

  window.cc = { header, log, composer, filmPanel, student, kiosk };
})();
