// Two prints side by side that zoom, turn and move together: wheel or + and -, drag or arrows, r turns, i inverts, 0 resets.
// The wheel and a finger move the page until a pair has the focus, or there would be no way past ten pairs.
type View = { scale: number; x: number; y: number; turn: number; inverted: boolean };

export function zoom(): void {
  for (const pair of document.querySelectorAll<HTMLElement>("[data-zoom]")) bind(pair);
}

function bind(pair: HTMLElement): void {
  const images = [...pair.querySelectorAll<HTMLElement>("[data-zoomed]")];
  const start: View = { scale: 1, x: 0, y: 0, turn: 0, inverted: false };
  let view = { ...start };
  const show = () => {
    for (const image of images) {
      image.style.transform = `translate(${view.x}px, ${view.y}px) rotate(${view.turn}deg) scale(${view.scale})`;
      image.style.setProperty("--zoom", String(view.scale));
      image.classList.toggle("inverted", view.inverted);
    }
  };
  const change = (part: Partial<View>) => {
    view = { ...view, ...part };
    view.scale = Math.min(8, Math.max(1, view.scale));
    show();
  };
  const act: Record<string, () => void> = {
    "+": () => change({ scale: view.scale * 1.25 }),
    "-": () => change({ scale: view.scale / 1.25 }),
    r: () => change({ turn: (view.turn + 15) % 360 }),
    i: () => change({ inverted: !view.inverted }),
    m: () => pair.classList.toggle("plain"),
    "0": () => {
      pair.classList.remove("plain");
      change(start);
    },
    ArrowLeft: () => change({ x: view.x - 24 }),
    ArrowRight: () => change({ x: view.x + 24 }),
    ArrowUp: () => change({ y: view.y - 24 }),
    ArrowDown: () => change({ y: view.y + 24 }),
  };
  pair.addEventListener("keydown", (event) => {
    const action = act[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
  for (const button of pair.querySelectorAll<HTMLButtonElement>("[data-act]")) {
    button.addEventListener("click", () => act[button.dataset.act ?? ""]?.());
  }
  for (const image of images) {
    const frame = image.parentElement;
    if (!frame) continue;
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !pair.contains(document.activeElement)) return;
      event.preventDefault();
      act[event.deltaY < 0 ? "+" : "-"]();
    }, { passive: false });
    frame.addEventListener("pointerdown", (event) => {
      pair.focus({ preventScroll: true });
      frame.setPointerCapture(event.pointerId);
      const from = { x: event.clientX - view.x, y: event.clientY - view.y };
      const move = (next: PointerEvent) => change({ x: next.clientX - from.x, y: next.clientY - from.y });
      frame.addEventListener("pointermove", move);
      frame.addEventListener("pointerup", () => frame.removeEventListener("pointermove", move), { once: true });
    });
  }
}
