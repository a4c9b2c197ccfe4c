// What the accessibility tree does not say: contrast, sizes, ids and order, as a list of complaints. Runs inside the page.
(() => {
  const complaints = [];
  const shown = (element) => {
    if (element.closest("[hidden], [inert]")) { return false; }
    const closed = element.closest("details:not([open])");
    if (closed && !element.closest("summary")) { return false; }
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return style.visibility !== "hidden" && style.display !== "none" && Number(style.opacity) > 0 && box.width > 1 && box.height > 1;
  };
  const described = (element) => {
    const text = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const place = element.id ? `#${element.id}` : element.getAttribute("class") ? `.${element.getAttribute("class").split(/\s+/)[0]}` : "";
    return `<${element.tagName.toLowerCase()}${place}> ${text}`;
  };
  const pencil = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (text) => {
    pencil.clearRect(0, 0, 1, 1); pencil.fillStyle = "#000"; pencil.fillStyle = text; pencil.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pencil.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) => [0, 1, 2].map((index) => top[index] * top[3] + below[index] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      // Text over a picture or a gradient is for a person to judge.
      if (style.backgroundImage !== "none") { return null; }
      const layer = colour(style.backgroundColor);
      if (layer[3] > 0) { layers.push(layer); }
      if (layer[3] === 1) { break; }
    }
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const dark = scheme.includes("dark") && (!scheme.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches);
    return layers.reverse().reduce((below, layer) => over(layer, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
  };
  const light = (rgb) => {
    const [red, green, blue] = rgb.slice(0, 3).map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let lowest = 21;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || seen.has(element) || ["SCRIPT", "STYLE", "TITLE", "DESC", "OPTION"].includes(element.tagName.toUpperCase())) { continue; }
    seen.add(element);
    if (!shown(element) || element.closest("[aria-hidden=true], :disabled, [aria-disabled=true]")) { continue; }
    const style = getComputedStyle(element), inPicture = element instanceof SVGElement;
    const below = ground(inPicture ? element.closest("svg") : element);
    if (!below) { continue; }
    const front = over(colour(inPicture ? style.fill : style.color), below);
    const [high, low] = [light(front), light(below)].sort((a, b) => b - a), ratio = (high + 0.05) / (low + 0.05);
    const points = parseFloat(style.fontSize), large = points >= 24 || (points >= 18.66 && Number(style.fontWeight) >= 700);
    lowest = Math.min(lowest, ratio);
    if (ratio < (large ? 3 : 4.5)) { complaints.push(`contrast ${ratio.toFixed(2)}: ${described(element)}`); }
  }
  const ids = new Map();
  for (const each of document.querySelectorAll("[id]")) { ids.set(each.id, (ids.get(each.id) || 0) + 1); }
  for (const [id, count] of ids) { if (count > 1) { complaints.push(`id ${id} is there ${count} times`); } }
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const each of document.querySelectorAll(`[${name}]`)) {
      for (const id of each.getAttribute(name).split(/\s+/)) {
        if (id && !ids.has(id)) { complaints.push(`${name} names nothing: ${id}`); }
      }
    }
  }
  for (const each of document.querySelectorAll("[tabindex]")) { if (each.tabIndex > 0) { complaints.push(`its own tab order: ${described(each)}`); } }
  for (const each of document.querySelectorAll("table")) {
    if (!each.querySelector("th")) { complaints.push(`a table without headings: ${described(each)}`); }
  }
  if (!document.documentElement.lang) { complaints.push("no language"); }
  if (!document.title.trim()) { complaints.push("no title"); }
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width + 1) {
    const wide = [...document.body.querySelectorAll("*")].filter((each) => shown(each) && each.getBoundingClientRect().right > width + 1)
      .filter((each) => {
        for (let up = each.parentElement; up; up = up.parentElement) { if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(up).overflowX)) { return false; } }
        return true;
      });
    complaints.push(`wider than the screen (${document.documentElement.scrollWidth} of ${width}): ${wide.slice(0, 2).map(described).join(", ")}`);
  }
  if (width < 600) {
    for (const each of document.querySelectorAll("button, select, input:not([type=hidden]), summary, nav a")) {
      if (!shown(each)) { continue; }
      const target = ["checkbox", "radio"].includes(each.type) && each.closest("label") || each, box = target.getBoundingClientRect();
      // A control inside a sentence is as high as its line.
      if (getComputedStyle(each).display === "inline" && each.tagName !== "A") { continue; }
      if (box.height < 24 || box.width < 24) { complaints.push(`small to touch (${Math.round(box.width)} × ${Math.round(box.height)}): ${described(each)}`); }
    }
  }
  return { complaints, contrast: Math.round(lowest * 100) / 100 };
})()
