// What moves in the pages. Every page is complete without it.
import "htmx.org";
import { zoom } from "./zoom";
import { camera } from "./camera";
import { guard } from "./guard";
import { passkey } from "./passkey";

document.documentElement.classList.add("script");
zoom();
camera();
guard();
passkey();

// The slash goes to the search field, from anywhere but a field.
document.addEventListener("keydown", (event) => {
  const at = event.target as HTMLElement;
  if (event.key !== "/" || event.ctrlKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
  const field = document.querySelector<HTMLInputElement>("#search-field");
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
