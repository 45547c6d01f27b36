// The browser's camera beside the file field of a face: the picture goes into the same field, so the form stays one form.
export function camera(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-camera]")) bind(place);
  for (const field of document.querySelectorAll<HTMLInputElement>("input[type=file][data-preview]")) preview(field);
}

function preview(field: HTMLInputElement): void {
  const place = document.getElementById(field.dataset.preview ?? "") as HTMLImageElement | null;
  field.addEventListener("change", () => {
    const file = field.files?.[0];
    if (!place || !file) return;
    URL.revokeObjectURL(place.src);
    place.src = URL.createObjectURL(file);
    place.hidden = false;
  });
}

function bind(place: HTMLElement): void {
  const field = document.getElementById(place.dataset.camera ?? "") as HTMLInputElement | null;
  const video = place.querySelector("video");
  const [open, take] = place.querySelectorAll<HTMLButtonElement>("button");
  if (!field || !video || !open || !take || !navigator.mediaDevices) return;
  place.hidden = false;
  open.addEventListener("click", async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 960 } });
      await video.play();
      video.hidden = false;
      take.hidden = false;
      take.focus();
    } catch {
      place.querySelector<HTMLElement>("[data-refused]")?.removeAttribute("hidden");
    }
  });
  take.addEventListener("click", () => {
    const canvas = document.createElement("canvas");
    // The part that a card shows: three to four, from the middle.
    const height = video.videoHeight;
    const width = Math.round((height * 3) / 4);
    canvas.width = 480;
    canvas.height = 640;
    canvas.getContext("2d")?.drawImage(video, (video.videoWidth - width) / 2, 0, width, height, 0, 0, 480, 640);
    canvas.toBlob((blob) => {
      if (!blob) return;
      const files = new DataTransfer();
      files.items.add(new File([blob], "face.jpg", { type: "image/jpeg" }));
      field.files = files.files;
      field.dispatchEvent(new Event("change"));
      for (const track of (video.srcObject as MediaStream).getTracks()) track.stop();
      video.hidden = true;
      take.hidden = true;
      open.focus();
    }, "image/jpeg", 0.92);
  });
}
