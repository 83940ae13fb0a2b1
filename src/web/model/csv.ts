/** Tables as CSV (RFC 4180), in the form that the API's own CSV has. */

export function csvOf(rows: readonly Record<string, string | number>[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  return [Object.keys(first), ...rows.map((row) => Object.values(row))].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

/** Text that a spreadsheet would run as a formula gets an apostrophe in front (CWE-1236). */
function cellOf(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
