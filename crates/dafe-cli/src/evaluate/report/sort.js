"use strict";
// Without this script the tables are tables. With it, each column's title is a button that sorts by the column.
for (const table of document.querySelectorAll("table")) {
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const descending = header.getAttribute("aria-sort") === "ascending";
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(table.tBodies[0], column, header.classList.contains("number"), descending);
    });
  });
}

// Cells without a key stay at the end, whatever the direction; rows that are equal keep their order.
function sort(body, column, numbers, descending) {
  const rows = [...body.rows].map((row) => ({ row, key: row.cells[column].dataset.key }));
  const compare = (a, b) => (numbers ? Number(a) - Number(b) || 0 : a.localeCompare(b));
  rows.sort((a, b) => {
    if (a.key === undefined || b.key === undefined) {
      return (a.key === undefined) - (b.key === undefined);
    }
    return descending ? compare(b.key, a.key) : compare(a.key, b.key);
  });
  body.append(...rows.map(({ row }) => row));
}
