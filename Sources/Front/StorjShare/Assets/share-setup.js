// Opens the node's app as soon as it answers, and goes on when the identity is found. Without it a link does.
const starting = document.getElementById("starting");
if (starting) {
  const look = async () => {
    try {
      const answer = await fetch("/api/health", { cache: "no-store" });
      if (answer.ok || answer.status === 401) return void location.assign("/");
    } catch { /* it does not listen yet */ }
    setTimeout(look, 500);
  };
  setTimeout(look, 1500);
}
const progress = document.getElementById("progress");
if (progress) {
  new MutationObserver(() => { if (document.getElementById("found")) location.assign("/setup"); })
    .observe(document.body, { childList: true, subtree: true });
}
