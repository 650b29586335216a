// Elements by calls, never by markup: what a document or a visitor wrote stays text.

export function make(tag, given = {}, ...inside) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue
    if (typeof value === "function") made.addEventListener(name.slice(2), value)
    else made.setAttribute(name, value === true ? "" : value)
  }
  made.append(...inside.flat().filter(Boolean))
  return made
}

export function button(text, act, given = {}) {
  return make("button", { type: "button", class: "plain", onclick: act, ...given }, text)
}

// A link that opens apart from the page; undefined where the address is not one of the web.
export function outward(address, text, given = {}) {
  if (!/^https?:\/\//i.test(address)) return undefined
  return make("a", { href: address, target: "_blank", rel: "noopener", ...given }, text)
}

// A name and what is to be said under it, of a description list.
export function fact(name, ...said) {
  return make("div", {}, make("dt", {}, name), make("dd", {}, ...said))
}

const SHAPES = {
  close: "M5 5l10 10M15 5L5 15",
  more: "M4 10h.01M10 10h.01M16 10h.01",
  back: "M12 4l-6 6 6 6",
  up: "M7 9l3-6c1.2 0 2 .8 2 2v3h4l-1 8H7zM7 9H4v7h3",
  down: "M13 11l-3 6c-1.2 0-2-.8-2-2v-3H4l1-8h8zM13 11h3V4h-3",
}

export function icon(name) {
  const draw = (tag, given) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag)
    for (const [key, value] of Object.entries(given)) made.setAttribute(key, value)
    return made
  }
  const drawn = draw("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true", class: `icon ${name}` })
  drawn.append(draw("path", { d: SHAPES[name] }))
  return drawn
}

let count = 0

// An id that nothing else in this tree has.
export function fresh(name) {
  count += 1
  return `${name}-${count}`
}
