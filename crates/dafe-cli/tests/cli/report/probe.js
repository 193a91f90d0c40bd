"use strict";
// In the page's head, before anything of the page runs. Not in the frame that the probe itself makes.
if (window === window.top) {
  const found = { errors: [], images: 0, broken: [], sorted: 0, unsorted: [], wide: [] };
  window.addEventListener("error", (event) => found.errors.push(String(event.message || event.target.nodeName)), true);
  window.addEventListener("unhandledrejection", (event) => found.errors.push(String(event.reason)));
  const log = console.error;
  console.error = (...words) => {
    found.errors.push(words.join(" "));
    log(...words);
  };

  // Whether a column's keys rise (or fall), those without a key last.
  const isSorted = (table, column, numbers, sign) => {
    const keys = [...table.tBodies[0].rows].map((row) => row.cells[column].dataset.key);
    const present = keys.filter((key) => key !== undefined);
    const last = keys.slice(0, present.length).every((key) => key !== undefined);
    const compare = (a, b) => (numbers ? Number(a) - Number(b) || 0 : a.localeCompare(b));
    return last && present.every((key, i) => i === 0 || sign * compare(present[i - 1], key) <= 0);
  };

  const tryTables = () => {
    for (const table of document.querySelectorAll("table")) {
      [...table.tHead.rows[0].cells].forEach((header, column) => {
        const button = header.querySelector("button");
        const numbers = header.classList.contains("number");
        const rows = table.tBodies[0].rows.length;
        const problems = [];
        [["ascending", 1], ["descending", -1]].forEach(([direction, sign]) => {
          button?.click();
          if (header.getAttribute("aria-sort") !== direction) problems.push("aria-sort is not " + direction);
          if (!isSorted(table, column, numbers, sign)) problems.push("not " + direction);
        });
        const marked = table.querySelectorAll("[aria-sort]").length;
        if (marked !== 1) problems.push(marked + " columns are marked");
        if (table.tBodies[0].rows.length !== rows) problems.push("rows were lost");
        // Keys reach what can be focused and pressed.
        button?.focus();
        if (document.activeElement !== button && !header.closest("details:not([open])")) problems.push("no focus");
        if (problems.length > 0) found.unsorted.push(header.textContent + ": " + problems.join(", "));
        else found.sorted += 1;
      });
    }
  };

  // On a phone, only what scrolls by itself may be wider than the screen.
  const tryPhone = () =>
    new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.style.cssText = "width: 390px; height: 844px; border: 0";
      frame.addEventListener("load", () => {
        const page = frame.contentDocument.documentElement;
        if (page.scrollWidth > 390) found.wide.push("the page: " + page.scrollWidth + " pixels");
        resolve();
      });
      frame.srcdoc = "<!doctype html>" + document.documentElement.outerHTML;
      document.body.append(frame);
    });

  window.addEventListener("load", async () => {
    document.querySelectorAll("details").forEach((details) => (details.open = true));
    const images = [...document.images];
    found.images = images.length;
    found.broken = images.filter((image) => image.naturalWidth === 0).map((image) => image.alt || "an image");
    tryTables();
    await tryPhone();
    const template = document.createElement("template");
    template.id = "findings";
    template.content.append(JSON.stringify(found));
    document.body.append(template);
  });
}
