// Notes, on the page's own clock, when a person pressed, when frames began, and when another item had been painted.
// `window.benchKey` returns what tells the shown item from the next; it is set by the harness.
(() => {
  const notes = { presses: [], paints: [], frames: [] };
  window.benchNotes = notes;
  let inFrame = false;
  let key = null;

  const afterTask = (done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(null);
  };
  const eachFrame = (start) => {
    notes.frames.push(start);
    inFrame = true;
    afterTask(() => {
      inFrame = false;
    });
    requestAnimationFrame(eachFrame);
  };
  requestAnimationFrame(eachFrame);

  const paintedAt = () =>
    new Promise((done) => {
      const note = () => {
        const frame = notes.frames.length;
        afterTask((at) => done({ at, frame }));
      };
      if (inFrame) note();
      else requestAnimationFrame(note);
    });

  const look = async () => {
    const now = window.benchKey?.() ?? null;
    if (now === null || now === key) return;
    key = now;
    for (const image of document.querySelectorAll("img")) {
      if (image.isConnected && !image.complete) await image.decode().catch(() => null);
    }
    const painted = await paintedAt();
    notes.paints.push({ key: now, ...painted });
  };
  const press = (event) => {
    if (event.isTrusted && !event.repeat) notes.presses.push({ at: event.timeStamp, frame: notes.frames.length });
  };
  addEventListener("pointerdown", press, true);
  addEventListener("keydown", press, true);
  const watch = () => {
    const what = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-item-id", "src"] };
    new MutationObserver(look).observe(document, what);
  };
  watch();
})();
