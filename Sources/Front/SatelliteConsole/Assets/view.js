// The few ways in which scripts put things on a page. Texts are set as texts: a file may be called anything.

/** An element with attributes, handlers (`onclick`) and children, which are elements or texts. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made[key] = value;
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Puts other children in an element. */
export const replace = (place, ...children) => place.replaceChildren(...children);

/** Says what went wrong, or nothing. */
export function problem(place, words) {
  place.textContent = words;
  place.hidden = words === "";
}

const units = ["B", "kB", "MB", "GB", "TB", "PB"];

/** A size in decimal units. */
export function sizeText(bytes) {
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** step).toLocaleString(undefined, { maximumFractionDigits: step ? 1 : 0 })} ${units[step]}`;
}

/** A table of rows of cells, which becomes cards on a phone; `add` appends rows. */
export function table(titles, rows) {
  const body = element("tbody");
  const made = element("div", { class: "table-wrap" }, element("table", { class: "table" },
    element("thead", {}, element("tr", {}, ...titles.map((title) => title ? element("th", { scope: "col" }, title) : element("td")))), body));
  made.add = (added) => {
    for (const cells of added) {
      body.append(element("tr", {}, ...cells.map((cell, index) =>
        index === 0 ? element("th", { scope: "row" }, cell) : element("td", titles[index] ? { "data-label": titles[index] } : { class: "end" }, cell))));
    }
  };
  made.add(rows);
  return made;
}
