// The camera reads a code: <div data-camera data-worker=… data-wasm=… data-formats="QRCode"> around a <video>.
// What was read comes as the event `meguri:scan` {text, by}. Inside may stand: [data-torch] (button, shown where there
// is a lamp), [data-photo] (file input), [data-camera-words] (why it does not work). After a code it rests until
// `meguri:again` is sent to it, and is over with `meguri:off`. One that comes later than the page begins with the
// document's `meguri:camera`. Pictures never leave the device.

import { word } from "web/words.js";
import { vibrate } from "web/vibrate.js";

const LOOK_MS = 120;
const WISH = { audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } };

class Camera {
  #root;
  #video;
  #worker = null;
  #stream = null;
  #canvas = document.createElement("canvas");
  #waiting = new Map();
  #number = 0;
  #resting = false;
  #over = false;

  constructor(root) {
    this.#root = root;
    this.#video = root.querySelector("video");
    root.addEventListener("meguri:again", () => this.#again());
    root.addEventListener("meguri:off", () => this.#end());
    root.querySelector("[data-photo]")?.addEventListener("change", (event) => this.#photo(event.target));
    root.querySelector("[data-torch]")?.addEventListener("click", (event) => this.#torch(event.currentTarget));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop() : this.#start()));
    addEventListener("pagehide", () => this.#stop());
    addEventListener("pageshow", (event) => event.persisted && this.#start());
    this.#start();
  }

  async #start() {
    if (this.#stream || !this.#video || this.#over) return;
    if (!navigator.mediaDevices?.getUserMedia) return this.#say("cameraMissing");
    this.#reader().postMessage({ wasm: this.#root.dataset.wasm }); // it is on its way while the person answers the browser's question
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia(WISH);
    } catch (error) {
      return this.#say(error.name === "NotAllowedError" ? "cameraRefused" : "cameraMissing");
    }
    if (this.#over) return this.#stop();
    this.#say(null);
    this.#video.srcObject = this.#stream;
    await this.#video.play().catch(() => null);
    this.#root.classList.add("is-on");
    const lamp = this.#root.querySelector("[data-torch]");
    if (lamp) lamp.hidden = !this.#stream.getVideoTracks()[0].getCapabilities?.().torch;
    this.#resting = false;
    this.#look();
  }

  #stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#root.classList.remove("is-on");
  }

  #end() {
    this.#over = true;
    this.#stop();
    this.#worker?.terminate();
  }

  async #look() {
    while (this.#stream && !this.#resting) {
      const { videoWidth: width, videoHeight: height } = this.#video;
      if (width) {
        const text = await this.#read(this.#video, width, height);
        if (text !== null) return this.#found(text, "camera");
      }
      await new Promise((next) => setTimeout(next, LOOK_MS));
    }
  }

  #read(picture, width, height) {
    Object.assign(this.#canvas, { width, height });
    const pen = this.#canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(picture, 0, 0, width, height);
    return this.#ask(pen.getImageData(0, 0, width, height));
  }

  #ask(pixels) {
    const number = ++this.#number;
    return new Promise((answer) => {
      this.#waiting.set(number, answer);
      const formats = this.#root.dataset.formats?.split(" ") ?? ["QRCode"];
      this.#reader().postMessage({ number, pixels, formats, wasm: this.#root.dataset.wasm }, [pixels.data.buffer]);
    });
  }

  #reader() {
    if (!this.#worker) {
      this.#worker = new Worker(this.#root.dataset.worker, { type: "module" });
      this.#worker.addEventListener("message", ({ data }) => {
        this.#waiting.get(data.number)?.(data.text);
        this.#waiting.delete(data.number);
      });
      this.#worker.addEventListener("error", () => this.#say("cameraMissing"));
    }
    return this.#worker;
  }

  #found(text, by) {
    this.#resting = true;
    vibrate("read");
    this.#root.dispatchEvent(new CustomEvent("meguri:scan", { bubbles: true, detail: { text, by } }));
  }

  #again() {
    if (!this.#resting) return;
    this.#resting = false;
    this.#look();
  }

  async #photo(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const picture = await createImageBitmap(file).catch(() => null);
    const scale = picture ? Math.min(1, 1600 / Math.max(picture.width, picture.height)) : 0;
    const text = picture && (await this.#read(picture, Math.round(picture.width * scale), Math.round(picture.height * scale)));
    if (text) this.#found(text, "photo");
    else this.#say("scanNothing");
  }

  async #torch(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    await this.#stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
    button.setAttribute("aria-pressed", String(on));
  }

  #say(name) {
    const place = this.#root.querySelector("[data-camera-words]");
    if (!place) return;
    place.hidden = name === null;
    place.textContent = name === null ? "" : word(name);
  }
}

const known = new WeakSet();

function begin() {
  for (const root of document.querySelectorAll("[data-camera]")) {
    if (known.has(root)) continue;
    known.add(root);
    new Camera(root);
  }
}

document.addEventListener("meguri:camera", begin);
begin();
