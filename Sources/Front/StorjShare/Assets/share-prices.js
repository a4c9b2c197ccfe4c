// Lays a slider beside the price of storage, and says at once what it would bring. Without it the form works as it is.
const form = document.getElementById("prices");
const field = form?.querySelector("[name=storage]");
if (field) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = form.dataset.low;
  slider.max = form.dataset.high;
  slider.step = "any";
  slider.value = field.value;
  slider.setAttribute("aria-label", "Price of storage, slider");
  field.closest(".input").after(slider);
  const estimate = document.getElementById("estimate");
  const say = () => {
    const price = Number(field.value);
    if (!Number.isFinite(price)) return;
    const sum = price * Number(form.dataset.stored) / 1e12;
    const digits = sum > 0 && sum < 0.01 ? 6 : 2;
    // Rounded down, as pay is.
    const text = (Math.floor(sum * 10 ** digits) / 10 ** digits).toFixed(digits);
    estimate.textContent = `Storage alone would bring ${form.dataset.unit === "$" ? "$" + text : text + " STORJ"} in 30 days${form.dataset.when ?? ""}.`;
  };
  slider.addEventListener("input", () => { field.value = Number(slider.value).toFixed(2); say(); });
  field.addEventListener("input", () => { slider.value = field.value; say(); });
  say();
}
