// Uploads under way, each with its progress and what is left to wait; two files at a time, the rest in order.
import { element, sizeText } from "./view.js";

export class UploadList {
  #waiting = [];
  #running = 0;

  /** @param service gives the S3 service; `done` is told the bucket and folder of each finished upload. */
  constructor(place, service, done) { Object.assign(this, { place, service, done }); }

  add(bucket, prefix, file) {
    const stop = new AbortController();
    const bar = element("progress", { max: String(Math.max(1, file.size)), value: "0", "aria-label": `Upload of ${file.name}` });
    const words = element("span", { class: "quiet small", role: "status" }, "waiting");
    const button = element("button", { type: "button", class: "button small quiet", "aria-label": `Stop ${file.name}`, onclick: () => stop.abort() }, "Stop");
    const row = element("li", { class: "spread" }, element("span", { class: "break" }, file.name), bar, words, button);
    this.place.append(row);
    this.place.hidden = false;
    this.#waiting.push({ bucket, prefix, file, stop, bar, words, button, row });
    this.#go();
  }

  #go() {
    while (this.#running < 2 && this.#waiting.length) {
      this.#running++;
      this.#run(this.#waiting.shift()).finally(() => { this.#running--; this.#go(); });
    }
  }

  async #run({ bucket, prefix, file, stop, bar, words, button, row }) {
    const begun = performance.now();
    try {
      await this.service().upload(bucket, prefix + file.name, file, (sent) => {
        bar.value = sent;
        const spent = (performance.now() - begun) / 1000;
        const left = sent > 0 && spent > 1 ? Math.ceil((spent * (file.size - sent)) / sent) : null;
        words.textContent = `${sizeText(sent)} of ${sizeText(file.size)}${left === null ? "" : `, ${left} s left`}`;
      }, stop.signal);
      bar.value = bar.max;
      words.textContent = "done";
      setTimeout(() => this.#remove(row), 4000);
      this.done(bucket, prefix);
    } catch (error) {
      words.textContent = error.name === "AbortError" ? "stopped" : error.message;
    } finally {
      button.textContent = "Hide";
      button.setAttribute("aria-label", `Hide ${file.name}`);
      button.onclick = () => this.#remove(row);
    }
  }

  #remove(row) {
    row.remove();
    this.place.hidden = this.place.children.length === 0;
  }
}
