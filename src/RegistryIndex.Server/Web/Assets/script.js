"use strict";
(() => {
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);

  // Storage can be forbidden: what is chosen then lasts as long as the page.
  const chosen = {};
  const read = key => { try { return localStorage.getItem(`registry-index.${key}`) } catch { return chosen[key] } };
  const keep = (key, value) => { chosen[key] = value; try { localStorage.setItem(`registry-index.${key}`, value) } catch { /* forbidden */ } };

  // Before anything is painted.
  const themes = ["system", "light", "dark"];
  let theme = themes.includes(read("theme")) ? read("theme") : "system";
  const paint = () => { if (theme === "system") delete root.dataset.theme; else root.dataset.theme = theme };
  paint();

  function offerThemes() {
    const button = find(".theme");
    if (!button) return;
    const show = () => { button.textContent = button.title = `Theme: ${theme}` };
    button.addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      keep("theme", theme);
      paint();
      show();
      say(button.title);
    });
    show();
    button.hidden = false;
  }

  // One line that is shown and read out.
  const said = document.createElement("p");
  said.className = "said";
  said.setAttribute("role", "status");
  let forget;
  function say(text) {
    said.textContent = text;
    clearTimeout(forget);
    forget = setTimeout(() => { said.textContent = "" }, 4000);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without TLS there is no clipboard to write to, but a selection can be copied.
      const area = document.createElement("textarea");
      const focused = document.activeElement;
      area.value = text;
      document.body.append(area);
      area.select();
      const isCopied = document.execCommand("copy");
      area.remove();
      focused?.focus();
      if (!isCopied) return say("The browser does not allow copying.");
    }
    say(`Copied: ${text}`);
  }

  function offerCopies() {
    for (const code of document.querySelectorAll(".commands pre")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.setAttribute("aria-label", `Copy ${code.textContent}`);
      button.addEventListener("click", () => copy(code.textContent));
      code.after(button);
    }
  }

  // Results while typing: of the page that the form would lead to.
  function searchWhileTyping() {
    const [field, results, count, heading] = [find("#q"), find("#results"), find(".count"), find("main h1")];
    if (!field || !results || !count) return;
    let [last, waiting, running] = [field.value.trim(), 0, null];

    async function search(words) {
      running = new AbortController();
      const url = new URL(field.form.action);
      if (words) url.searchParams.set(field.name, words);
      try {
        const answer = await fetch(url, { signal: running.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!answer.ok) {
          count.textContent = find("main p", page)?.textContent ?? `The search failed (${answer.status}).`;
          return;
        }
        const fresh = find("#results", page);
        results.replaceChildren(...fresh?.childNodes ?? []);
        heading.replaceChildren(...find("main h1", page).childNodes);
        if (!fresh) lead(answer.url);
        count.textContent = find(".count", page)?.textContent ?? "The reference is to this repository. Press Enter to open it.";
        document.title = page.title;
        history.replaceState(null, "", url);
      } catch (error) {
        if (error.name !== "AbortError") count.textContent = "The search could not be reached. Press Enter to try again.";
      }
    }

    // A reference leads to the page of its repository, not to results: the heading links there.
    function lead(address) {
      const link = document.createElement("a");
      link.href = address;
      link.append(...heading.childNodes);
      heading.append(link);
    }

    function type(event) {
      const words = field.value.trim();
      if (event.isComposing || words === last) return;
      clearTimeout(waiting);
      running?.abort();
      last = words;
      if (words.length !== 1) waiting = setTimeout(search, 150, words);
    }

    field.addEventListener("input", type);
    field.addEventListener("compositionend", type); // the last input before it is still composing
    field.form.addEventListener("submit", () => { clearTimeout(waiting); running?.abort() });
  }

  function listenToKeys() {
    const [field, dialog] = [find("#q"), find("#keys")];
    const box = find("input[type=checkbox]", dialog ?? document);
    const opener = find("button.keys");
    if (!field || !dialog || !box) return;

    box.checked = read("keys") !== "off";
    box.addEventListener("change", () => keep("keys", box.checked ? "on" : "off"));
    if (opener) {
      opener.hidden = false;
      opener.addEventListener("click", () => dialog.showModal());
    }

    function move(step) {
      const links = [...document.querySelectorAll(".result .name a")];
      const next = links.indexOf(document.activeElement) + step;
      if (next < 0) field.focus();
      else links[Math.min(next, links.length - 1)]?.focus();
    }

    function copyFirst() {
      const result = document.activeElement.closest(".result");
      const text = result ? result.dataset.copy ?? find(".name", result).textContent.trim() : find(".commands pre")?.textContent;
      if (text) copy(text);
    }

    const actions = {
      "/": () => field.select(),
      "?": () => dialog.showModal(),
      c: copyFirst,
      j: () => move(1),
      k: () => move(-1),
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
    };

    document.addEventListener("keydown", event => {
      if (!box.checked || dialog.open || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      const [isArrow, isInField] = [event.key.startsWith("Arrow"), event.target.matches("input, textarea, select")];
      // Letters are text in a field; arrows elsewhere scroll.
      if (isArrow ? event.target !== field && !event.target.closest(".result") : isInField) return;
      if (!Object.hasOwn(actions, event.key)) return;
      event.preventDefault();
      actions[event.key]();
    });
  }

  addEventListener("DOMContentLoaded", () => {
    document.body.append(said);
    offerThemes();
    offerCopies();
    searchWhileTyping();
    listenToKeys();
  });
})();
