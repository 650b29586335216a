import { card } from "./card.js"
import { feedback } from "./feedback.js"
import { button, make } from "./make.js"
import { quote } from "./quote.js"

// One turn: what was asked, and what came of it, piece by piece.
class Answer extends HTMLElement {
  begin(question, words, api) {
    Object.assign(this, { question, words, api })
    this.reply = make("div", { class: "reply" })
    this.quotes = make("div", { class: "quotes" })
    this.append(make("p", { class: "label" }, words.widget.asked), make("h3", { dir: "auto" }, question), this.reply)
    this.wait()
  }

  wait() {
    this.opening = make("p", { class: "opening waiting" }, this.words.widget.waiting)
    this.card = undefined
    this.quotes.replaceChildren()
    this.reply.replaceChildren(this.opening, this.quotes)
    this.setAttribute("aria-busy", "true")
  }

  // A piece of the answer: its route, then each citation.
  came(name, value) {
    if (name === "route" && !this.card) {
      this.card = card(value, this.words)
      this.reply.append(this.card)
    }
    if (name !== "citation" || value.n <= this.quotes.childElementCount) return
    if (value.n === 1) this.opening.textContent = this.words.intro
    this.quotes.append(quote(value, this.words, this.api))
  }

  finish(body) {
    this.body = body
    this.removeAttribute("aria-busy")
    this.came("route", body.route)
    for (const citation of body.citations) this.came("citation", citation)
    const { opening, notes, heading } = told(body)
    this.opening = make("p", { class: "opening", lang: body.language }, opening)
    const [urgent, quoted] = [body.kind === "urgent", body.citations.length > 0]
    const choices = this.choices(body, quoted ? heading : "")
    this.reply.replaceChildren(
      this.opening,
      ...(urgent ? [this.card] : []),
      ...(body.status === "clarify" ? [choices] : []),
      this.quotes,
      ...(quoted && body.suggestions.length ? [choices] : []),
      ...notes.map((note) => make("p", { class: "soft note", lang: body.language }, note)),
      ...(urgent ? [] : [this.card]),
      ...(!quoted && body.status !== "clarify" && body.suggestions.length ? [choices] : []),
      feedback(body.answer_id, this.words, this.api),
    )
  }

  choices(body, heading) {
    const ask = (question) => this.dispatchEvent(new CustomEvent("desk-ask", { bubbles: true, detail: question }))
    const said = heading || (body.status === "clarify" ? this.words.widget.choose : this.words.widget.examples)
    const given = { class: "choice", lang: body.language }
    const items = body.suggestions.map((one) => make("li", {}, button(one, () => ask(one), given)))
    return make("div", { class: "choices" }, make("p", { class: "label" }, said), make("ul", {}, items))
  }

  // It did not work: why, who can help all the same, and once more.
  fail(said, desk) {
    this.removeAttribute("aria-busy")
    const ask = () => this.dispatchEvent(new CustomEvent("desk-again", { bubbles: true }))
    this.reply.replaceChildren(
      make("p", { class: "opening problem" }, said),
      make("p", { class: "ways" }, button(this.words.widget.again, ask, { class: "button" })),
      card(desk, this.words, this.question),
    )
  }

  // What is read out once the answer is there.
  spoken() {
    const { opening } = told(this.body)
    const { citations, language } = this.body
    const number = citations.length ? this.words.count("quotes", citations.length) : this.words.widget.replied
    const quotes = citations.map((one) => make("p", { lang: one.language }, one.quote))
    return [make("p", {}, number), make("p", { lang: language }, opening), ...quotes]
  }
}

// An answer's text taken apart: what stands before its quotes; notes after them; what its choices are offered under.
export function told(body) {
  const [opening] = body.text.split("\n\n")
  const last = `[${body.citations.length}]`
  if (!body.citations.length) return { opening, notes: [], heading: "" }
  const after = body.text.slice(body.text.lastIndexOf(last) + last.length).split("\n\n").filter((line) => line.trim())
  if (body.kind !== "urgent") after.pop() // the desk, whose card stands here
  const heading = body.suggestions.length ? after.pop() : ""
  return { opening, notes: after.filter((line) => !line.includes(body.as_of)), heading }
}

export function answer(question, words, api) {
  const made = document.createElement("inquiry-desk-answer")
  made.begin(question, words, api)
  return made
}

customElements.define("inquiry-desk-answer", Answer)
