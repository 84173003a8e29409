// Takes the page's live part anew every few seconds, while somebody looks at it.
"use strict";

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("live").replaceWith(page.getElementById("live"));
  } catch {
    // The server may be restarting; the next round asks again.
  }
}

setInterval(refresh, 3000);
