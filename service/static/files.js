// Pictures and recordings for models that take them: checked, made small enough to send, as OpenAI's content parts.

import { byId, h, toast } from "./dom.js";
import { t } from "./words.js";

const LONGEST_SIDE_PX = 1600;
const JPEG_QUALITY = 0.85;

/** @type {{ name: string, part: Record<string, unknown> }[]} */
let held = [];
/** @type {any} what the model takes, as the service tells it */
let limits = { max_images: 0, max_recordings: 0, image_types: [], audio_types: [] };
let model = "";
/** @type {Promise<unknown>} fulfilled when the service has told what the model takes */
let limitsKnown = Promise.resolve();

/** What goes with the question. */
export const attachments = () => held.map((one) => one.part);

/** Files wait until this is over: who is quick has one in the box before the page knows the model. @param {Promise<unknown>} looking */
export function waitFor(looking) {
  limitsKnown = looking;
}

/** @param {any} about */
export function setLimits(about) {
  limits = about.attachments;
  model = about.model;
  const some = limits.max_images + limits.max_recordings > 0;
  byId("attach").hidden = !some;
  byId("speak").hidden = !limits.max_recordings || !navigator.mediaDevices;
  byId("file").accept = [...limits.image_types, ...limits.audio_types].join(",");
}

export function clearFiles() {
  held = [];
  show();
}

/** @param {Iterable<File>} files */
export async function addFiles(files) {
  // The browser empties its own list as soon as the event is over.
  const chosen = [...files];
  try {
    await limitsKnown;
  } catch (error) {
    return toast(/** @type {Error} */ (error).message, { ms: 8000 });
  }
  for (const file of chosen) {
    const kind = file.type.split("/")[0];
    const most = kind === "image" ? limits.max_images : kind === "audio" ? limits.max_recordings : 0;
    if (!most) {
      toast(t(kind === "image" ? "no_images" : kind === "audio" ? "no_audio" : "no_files", { model, name: file.name }), { ms: 8000 });
      continue;
    }
    const same = held.filter((one) => one.part.type === (kind === "image" ? "image_url" : "input_audio"));
    if (same.length >= most) held = held.filter((one) => one !== same[0]);
    try {
      held.push({ name: file.name, part: kind === "image" ? await picture(file) : await recording(file) });
    } catch {
      toast(t("unreadable", { name: file.name }), { ms: 8000 });
    }
  }
  show();
}

/** @param {File} file */
async function picture(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const small = await canvas.convertToBlob({ type: "image/jpeg", quality: JPEG_QUALITY });
  return { type: "image_url", image_url: { url: `data:image/jpeg;base64,${await base64(small)}` } };
}

/** @param {File} file */
async function recording(file) {
  return { type: "input_audio", input_audio: { data: await base64(file), format: /wav/.test(file.type) ? "wav" : "mp3" } };
}

/** @param {Blob} blob @returns {Promise<string>} */
const base64 = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1]);
    reader.onerror = reject;
    reader.readAsDataURL(blob);
  });

function show() {
  const row = byId("files");
  row.hidden = !held.length;
  row.replaceChildren(...held.map((one) => h("span", { class: "file" }, one.name, h("button", { class: "quiet", "aria-label": t("remove_file", { name: one.name }), onclick: () => ((held = held.filter((other) => other !== one)), show()) }, "✕"))));
}

const SAMPLES_PER_S = 16000;
/** @type {MediaRecorder | null} */
let recorder = null;

/** Begin to record, or end it: the recording goes with the question, as WAV, which every model that hears takes. */
export async function speak() {
  if (recorder) return recorder.stop();
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    /** @type {Blob[]} */
    const pieces = [];
    recorder = new MediaRecorder(stream);
    recorder.ondataavailable = (event) => pieces.push(event.data);
    const ends = setTimeout(() => recorder?.stop(), (limits.max_audio_s || 60) * 1000);
    recorder.onstop = async () => {
      clearTimeout(ends);
      recorder = null;
      byId("speak").textContent = t("speak");
      for (const track of stream.getTracks()) track.stop();
      const name = t("recording");
      await wav(new Blob(pieces)).then((sound) => addFiles([new File([sound], name, { type: "audio/wav" })]), () => toast(t("unreadable", { name })));
    };
    recorder.start();
    byId("speak").textContent = t("speak_end");
  } catch {
    toast(t("no_microphone"), { ms: 8000 });
  }
}

/** @param {Blob} sound in whatever form the browser records */
async function wav(sound) {
  const whole = await new OfflineAudioContext(1, 1, SAMPLES_PER_S).decodeAudioData(await sound.arrayBuffer());
  const offline = new OfflineAudioContext(1, Math.ceil(whole.duration * SAMPLES_PER_S), SAMPLES_PER_S);
  const source = offline.createBufferSource();
  source.buffer = whole;
  source.connect(offline.destination);
  source.start();
  const samples = (await offline.startRendering()).getChannelData(0);
  const bytes = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const head = [0x46464952, 36 + samples.length * 2, 0x45564157, 0x20746d66, 16, 0x00010001, SAMPLES_PER_S, SAMPLES_PER_S * 2, 0x00100002, 0x61746164, samples.length * 2];
  head.forEach((word, at) => bytes.setUint32(at * 4, word, true));
  samples.forEach((value, at) => bytes.setInt16(44 + at * 2, Math.max(-1, Math.min(1, value)) * 0x7fff, true));
  return new Blob([bytes], { type: "audio/wav" });
}
