// The sentences that scripts show stand in the page's <template id="words">, already in the reader's language.

/** The sentence `name`, its {gaps} filled with `values`. */
export function word(name, values = {}) {
  const text = document.getElementById("words")?.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
  return text.replace(/\{(\w+)\}/g, (_gap, key) => values[key] ?? "");
}
