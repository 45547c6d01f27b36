// A form is sent once: its button says so and does not take a second press. The server would refuse the second anyway.
// Files cannot be given back with the page that says that the session has ended, so a form with files asks first.
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
    const ended = form.querySelector<HTMLElement>("[data-ended]");
    if (!ended) return;
    event.preventDefault();
    ended.hidden = true;
    void signedIn().then((still) => {
      if (still) return form.submit();
      usable(form);
      ended.hidden = false;
      ended.focus();
    });
  });
  // Coming back with the browser's button finds the form usable again.
  window.addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach(usable));
}

function usable(form: HTMLFormElement): void {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

/** Whether there is a session still. What cannot be asked is sent, and answered by the server. */
async function signedIn(): Promise<boolean> {
  try {
    return (await fetch("/account", { method: "HEAD", redirect: "manual" })).status !== 401;
  } catch {
    return true;
  }
}
