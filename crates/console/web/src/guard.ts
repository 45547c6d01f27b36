// A form is sent once: its button says so and does not take a second press. The server would refuse the second anyway.
export function guard(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method.toLowerCase() !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll<HTMLButtonElement>("button[type=submit], button:not([type])")) {
      button.setAttribute("aria-busy", "true");
    }
  });
  // Coming back with the browser's button finds the form usable again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
    }
  });
}
