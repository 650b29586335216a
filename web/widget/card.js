import { button, fact, make } from "./make.js"

// Who can help: name, address, hours on the visitor's clock, and two ways to write.
class Card extends HTMLElement {
  show(desk, words, asked) {
    const mail = mailto(desk, asked)
    const state = open(desk, words)
    const off = desk.holidays?.length ? words.list(desk.holidays.map((day) => words.day(day))) : ""
    const lines = desk.hours.map((line) => make("li", {}, line))
    const facts = [
      lines.length && fact(words.widget.hours, make("p", { class: "state" }, state), make("ul", {}, lines)),
      off && fact(words.hours.holidays, off),
      desk.languages.length && fact(words.widget.languages, words.list(desk.languages.map((code) => words.language[code] ?? code))),
    ]
    this.append(
      make("p", { class: "name" }, desk.name),
      make("p", {}, make("a", { href: mail, class: "mail" }, desk.email)),
      facts.some(Boolean) && make("dl", { class: "facts" }, facts),
      make("p", { class: "ways" }, button(words.widget.write, () => this.write(), { class: "button second" })),
    )
  }

  write() {
    this.dispatchEvent(new CustomEvent("desk-write", { bubbles: true }))
  }
}

function open(desk, words) {
  if (desk.open_now) return words.hours.open_now
  return desk.opens_at ? `${words.hours.opens} ${words.when(desk.opens_at)}` : words.hours.closed
}

// A mail to the desk; with what was asked where that could not be answered here.
export function mailto(desk, asked = "") {
  const body = asked && `&body=${encodeURIComponent(asked)}`
  return `mailto:${encodeURIComponent(desk.email).replace("%40", "@")}?subject=${encodeURIComponent(desk.subject)}${body}`
}

export function card(desk, words, asked) {
  const made = document.createElement("inquiry-desk-card")
  made.show(desk, words, asked)
  return made
}

customElements.define("inquiry-desk-card", Card)
