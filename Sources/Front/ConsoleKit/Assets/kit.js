// What every page of ours does a little better with a script; all of it works without.

const root = document.documentElement;

// Times in the visitor's own zone, the UTC one in the tooltip.
const zoned = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
export function localTimes(scope = document) {
  for (const time of scope.querySelectorAll("time[data-local]")) {
    const moment = new Date(time.dateTime);
    if (isNaN(moment)) continue;
    time.title = time.title || time.textContent;
    time.textContent = zoned.format(moment);
  }
}
localTimes();

// Light, dark, or as the system has it.
const themes = document.querySelector(".theme-switch");
if (themes) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const name = () => {
    themes.textContent = isDark() ? "Light" : "Dark";
    themes.setAttribute("aria-label", isDark() ? "Use light colours" : "Use dark colours");
  };
  themes.hidden = false;
  themes.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = `storj-theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
    name();
  });
  system.addEventListener("change", name);
  name();
}

// On a phone the navigation is behind a button.
const menu = document.querySelector(".menu-button");
if (menu) {
  menu.hidden = false;
  root.classList.add("has-menu");
  menu.addEventListener("click", () => {
    const open = root.classList.toggle("menu-open");
    menu.setAttribute("aria-expanded", String(open));
  });
}

// Escape closes the menu, a tooltip and open details.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (document.activeElement?.classList.contains("explained")) document.activeElement.blur();
  if (root.classList.contains("menu-open")) menu.click();
  for (const open of document.querySelectorAll("details.menu[open]")) open.open = false;
});

// A tooltip stays inside the window: pushed left when it would leave it.
function place(event) {
  const button = event.target.closest?.(".explained");
  const tip = button?.querySelector(".tip");
  if (!tip || matchMedia("(max-width: 40rem)").matches) return;
  tip.style.translate = "";
  const box = tip.getBoundingClientRect();
  const over = box.right - (root.clientWidth - 8);
  if (over > 0) tip.style.translate = `${-over}px 0`;
  else if (box.left < 8) tip.style.translate = `${8 - box.left}px 0`;
}
document.addEventListener("pointerover", place);
document.addEventListener("focusin", place);

// Secrets and addresses get a button that copies them.
for (const source of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small copy-button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", source.dataset.copyLabel || "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.dataset.copy || source.value || source.textContent.trim());
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  source.after(button);
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  if (form.method === "post" && !event.defaultPrevented) form.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => delete f.dataset.sent));

// Parts of a page that renew themselves: <div data-refresh="/path/of/fragment" data-seconds="10">.
for (const part of document.querySelectorAll("[data-refresh]")) {
  const seconds = Math.max(2, Number(part.dataset.seconds) || 10);
  setInterval(async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    try {
      const answer = await fetch(part.dataset.refresh, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      part.innerHTML = await answer.text();
      localTimes(part);
    } catch {
      // Offline for a moment: the next round tries again.
    }
  }, seconds * 1000);
}

export const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
