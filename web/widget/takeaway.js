import { told } from "./answer.js"
import { button, make } from "./make.js"

// The conversation to take along: copied, printed, or as a file.
class Takeaway extends HTMLElement {
  show(words, api, turns) {
    Object.assign(this, { words, api, turns })
    const { copy, print, download } = words.widget
    this.said = make("span", { class: "soft", role: "status" })
    this.append(
      button(copy, () => this.copy()),
      button(print, () => this.print()),
      button(download, () => this.download()),
      this.said,
    )
  }

  async copy() {
    const text = written(this.turns(), this.words, this.api)
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false)
    this.said.textContent = copied || this.#copied(text) ? this.words.widget.copied : this.words.widget.copy_failed
  }

  // Where the page may not use the clipboard: by a selection.
  #copied(text) {
    const field = make("textarea", { class: "unseen", readonly: true })
    field.value = text
    this.append(field)
    field.select()
    const done = document.execCommand("copy")
    field.remove()
    return done
  }

  print() {
    this.frame?.remove()
    this.frame = make("iframe", { class: "unseen", "aria-hidden": "true", tabindex: "-1" })
    this.append(this.frame)
    const inside = this.frame.contentWindow
    const sheet = new inside.CSSStyleSheet()
    sheet.replaceSync("body{font:11pt/1.5 Georgia,serif;max-width:40em;margin:0 auto;white-space:pre-wrap;overflow-wrap:anywhere}")
    inside.document.adoptedStyleSheets = [sheet]
    inside.document.title = this.words.page.product
    inside.document.documentElement.lang = this.words.code
    inside.document.body.textContent = written(this.turns(), this.words, this.api)
    inside.focus()
    inside.print()
  }

  download() {
    const file = new Blob([written(this.turns(), this.words, this.api)], { type: "text/plain;charset=utf-8" })
    const address = URL.createObjectURL(file)
    make("a", { href: address, download: `inquiry-desk-${new Date().toISOString().slice(0, 10)}.txt` }).click()
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  }
}

// The conversation as plain text, with the full address of every quote.
export function written(turns, words, api) {
  const { firm, product, as_of } = words.page
  const quoted = (one) => {
    const facts = [one.section, one.as_of && `${as_of}: ${words.day(one.as_of)}`, words.list(one.jurisdictions)].filter(Boolean)
    return [`[${one.n}] “${one.quote}”`, one.title, facts.join(" · "), api.address(one.read_url)].filter(Boolean).join("\n")
  }
  const blocks = turns.flatMap(({ question, body }) => {
    const { opening, notes } = told(body)
    const [asked, desk] = [`${words.widget.asked}: ${question}`, `${body.route.name}: ${body.route.email}`]
    return [asked, opening, ...body.citations.map(quoted), ...notes, desk]
  })
  const day = words.day(new Date().toISOString())
  return [`${firm} · ${product}\n${day}`, ...blocks, words.general].join("\n\n")
}

export function takeaway(words, api, turns) {
  const made = document.createElement("inquiry-desk-takeaway")
  made.show(words, api, turns)
  return made
}

customElements.define("inquiry-desk-takeaway", Takeaway)
