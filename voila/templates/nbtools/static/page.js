// What Voilà leaves to the template: words while the page loads, and words when the
// program behind it is gone. Loaded before everything else, in the head.
"use strict";

const nbtoolsPage = (() => {
  const SLOW = 30_000;
  const PATIENCE = 1_500;
  const POLL = 3_000;
  const TICK = 30;
  const WORDS = {
    lost: "The connection to the server is gone. Trying to reach it again.",
    unreachable: "The server can't be reached: it has stopped, or the network is down. Trying again.",
    stopped: "The program behind this page has stopped. Reload the page to go on; what was saved is safe.",
    back: "Connected again.",
  };
  const byId = (id) => document.getElementById(id);
  let state = "loading";
  let slow = 0;
  let check = 0;

  // ── while it loads ──────────────────────────────────────────────────────────

  function say(words) {
    const text = byId("loading_text");
    if (text && text.textContent !== words) text.textContent = words;
  }

  function begin() {
    slow = setTimeout(() => {
      byId("nbtools-loading-hint").textContent =
        "This takes longer than usual. A large dataset is read once before it first opens; a busy server lets its " +
        "visitors wait. If nothing changes within a few minutes, reload the page, and look at the terminal in " +
        "which the dashboard was started.";
    }, SLOW);
    followTheme();
  }

  // Voilà writes a call of this into the page together with what a cell showed: after it ran.
  function process(index, count) {
    say(index < count ? `Running cell ${index + 1} of ${count}` : "Drawing the page");
  }

  // Called by the page's end, and again by Voilà's own script once it is ready.
  function finish() {
    say("Drawing the page");
    if (!window.themeLoaded) {
      window.cellLoaded = true;
      return;
    }
    const cells = byId("rendered_cells");
    cells.hidden = false;
    whenSomethingShows(cells, () => {
      clearTimeout(slow);
      document.body.classList.remove("nbtools-loading");
      byId("loading")?.remove();
      if (state === "loading") state = "open";
    });
  }

  function whenSomethingShows(cells, then) {
    // Until a widget's code is there its output holds only text: "Loading widget...".
    const shows = () => [...cells.querySelectorAll(".jp-OutputArea-output > *, .jp-MarkdownCell")].some((e) => e.offsetHeight);
    // A notebook may rightly show nothing at all; and neither a mutation nor a size tells that a widget was drawn.
    let patience = cells.querySelector("script[type$='cell-output+json']") ? SLOW / TICK : 1;
    const timer = setInterval(() => {
      patience -= 1;
      if (patience > 0 && !shows()) return;
      clearInterval(timer);
      then();
    }, TICK);
  }

  function followTheme() {
    if (document.body.dataset.jpThemeLight === "false") return;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      document.body.dataset.jpThemeLight = String(!dark.matches);
      document.body.dataset.jpThemeName = dark.matches ? "JupyterLab Dark" : "JupyterLab Light";
    };
    apply();
    dark.addEventListener("change", apply);
  }

  // ── when the program behind it is gone ──────────────────────────────────────

  function show(next) {
    if (state === "stopped" || state === next) return;
    state = next;
    const banner = byId("nbtools-banner");
    banner.hidden = next === "open";
    banner.dataset.state = next;
    byId("nbtools-banner-text").textContent = WORDS[next] ?? "";
    byId("nbtools-banner-reload").hidden = next === "back";
  }

  async function ask() {
    const config = JSON.parse(byId("jupyter-config-data").textContent);
    try {
      const answer = await fetch(`${config.baseUrl}api/kernels/${config.kernelId}`, { cache: "no-store" });
      return answer.status === 404 ? "stopped" : "lost";
    } catch {
      return "unreachable";
    }
  }

  function closed() {
    clearTimeout(check);
    const again = async () => {
      show(await ask());
      if (state !== "stopped") check = setTimeout(again, POLL);
    };
    check = setTimeout(again, PATIENCE);
  }

  function opened() {
    clearTimeout(check);
    if (state !== "lost" && state !== "unreachable") return;
    show("back");
    check = setTimeout(() => show("open"), 4_000);
  }

  // A kernel that died is started again, empty, under the same id: only its own word for
  // that, a message of type "status", tells it from the one that this page belongs to.
  function executionState(data) {
    const message = typeof data === "string" ? JSON.parse(data) : unpack(data);
    const type = message?.header?.msg_type ?? message?.msg_type;
    return type === "status" ? message.content.execution_state : null;
  }

  // The binary form: a count, that many offsets (64 bits each), then the parts:
  // channel, header, parent header, metadata, content, buffers.
  function unpack(data) {
    if (!(data instanceof ArrayBuffer) || data.byteLength > 20_000) return null;
    const view = new DataView(data);
    const offset = (n) => Number(view.getBigUint64(8 * (n + 1), true));
    const part = (n) => JSON.parse(new TextDecoder().decode(data.slice(offset(n), offset(n + 1))));
    return { header: part(1), content: part(4) };
  }

  function heard(event) {
    let said = null;
    try {
      said = executionState(event.data);
    } catch {
      return; // not a kernel message: nothing to learn from it
    }
    if (["restarting", "autorestarting", "dead"].includes(said)) show("stopped");
  }

  // Voilà hands out no handle on its connection, so that the socket itself is watched.
  class WatchedSocket extends WebSocket {
    constructor(...args) {
      super(...args);
      if (!/\/api\/kernels\/[^/]+\/channels/.test(this.url)) return;
      this.addEventListener("open", opened);
      this.addEventListener("close", closed);
      this.addEventListener("message", heard);
    }
  }
  window.WebSocket = WatchedSocket;

  window.addEventListener("pagehide", () => clearTimeout(check));
  document.addEventListener("click", (event) => {
    if (event.target.id === "nbtools-banner-reload") location.reload();
  });

  window.voila_process = process;
  window.voila_finish = finish;
  window.voila_heartbeat = () => {};
  return { begin };
})();
