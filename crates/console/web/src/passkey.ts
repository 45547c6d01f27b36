// Passkeys: the browser's ceremony, and its answer put into a form that is sent as any other.
type Answer = Record<string, ArrayBuffer | null>;

const bytes = (text = ""): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

export function passkey(): void {
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    if (form.dataset.origin === location.origin) bind(form);
    else form.parentElement?.querySelector("[data-elsewhere]")?.removeAttribute("hidden");
  }
}

function bind(form: HTMLFormElement): void {
  form.hidden = false;
  const refused = form.querySelector<HTMLElement>("[data-refused]");
  form.querySelector("button")?.addEventListener("click", async () => {
    try {
      if (refused) refused.hidden = true;
      const answer = form.dataset.passkey === "create" ? await create(form) : await get(form);
      for (const [name, value] of Object.entries(answer)) {
        const field = form.elements.namedItem(name) as HTMLInputElement | null;
        if (field && value) field.value = text(value);
      }
      form.requestSubmit();
    } catch {
      // Given up, or there is none: nothing was sent.
      if (refused) refused.hidden = false;
    }
  });
}

/** The page may have stood open for hours: its challenge is taken from a fresh one. */
async function challenge(form: HTMLFormElement): Promise<Uint8Array<ArrayBuffer>> {
  const page = await (await fetch(form.dataset.page ?? "")).text();
  const fresh = new DOMParser().parseFromString(page, "text/html").querySelector<HTMLFormElement>("form[data-passkey]");
  return bytes(fresh?.dataset.challenge);
}

async function create(form: HTMLFormElement): Promise<Answer> {
  const { site = "", user, name = "", others = "" } = form.dataset;
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: await challenge(form),
      rp: { id: site, name: "Vạn Dân" },
      user: { id: bytes(user), name, displayName: name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      excludeCredentials: others.split(" ").filter(Boolean).map((id) => ({ type: "public-key" as const, id: bytes(id) })),
      attestation: "none",
      timeout: 120_000,
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return { client_data: response.clientDataJSON, authenticator_data: response.getAuthenticatorData() };
}

async function get(form: HTMLFormElement): Promise<Answer> {
  const used = (await navigator.credentials.get({
    publicKey: {
      challenge: await challenge(form),
      rpId: form.dataset.site,
      userVerification: "required",
      timeout: 120_000,
    },
  })) as PublicKeyCredential;
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    credential: used.rawId,
    user: response.userHandle,
    client_data: response.clientDataJSON,
    authenticator_data: response.authenticatorData,
    signature: response.signature,
  };
}
