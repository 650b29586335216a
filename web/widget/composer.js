import { fresh, make } from "./make.js"

// Where a question is written. Enter sends, Shift and Enter begin a new line.
class Composer extends HTMLElement {
  show(words, memory) {
    const [text, hint, keep] = ["question", "hint", "keep"].map(fresh)
    this.words = words
    const { limits, widget } = words
    const given = { id: text, rows: 2, maxlength: limits.question, placeholder: widget.placeholder, "aria-describedby": hint }
    this.field = make("textarea", given)
    this.send = make("button", { class: "button" }, words.widget.send)
    this.problem = make("p", { class: "problem", role: "alert" })
    this.keep = make("input", { type: "checkbox", id: keep })
    this.keep.checked = memory.agreed
    const form = make(
      "form",
      { novalidate: true },
      make("label", { for: text, class: "unseen" }, words.widget.question),
      this.problem,
      make("div", { class: "write" }, this.field, this.send),
      make("p", { class: "soft hint", id: hint }, words.widget.hint),
      memory.possible && make("div", { class: "box" }, this.keep, make("label", { for: keep }, words.widget.keep)),
    )
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.ask()
    })
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return
      event.preventDefault()
      this.ask()
    })
    this.field.addEventListener("input", () => this.tell("desk-typed"))
    this.keep.addEventListener("change", () => this.tell("desk-keep", this.keep.checked))
    this.append(form)
  }

  get text() {
    return this.field.value
  }

  set text(text) {
    this.field.value = text
  }

  // While an answer is on its way the next question can be written, not sent.
  set busy(busy) {
    this.waiting = busy
    this.send.setAttribute("aria-disabled", String(busy))
  }

  ask() {
    if (this.waiting) return
    const question = this.text.trim()
    this.problem.textContent = question ? "" : this.words.widget.empty
    if (!question) return
    this.text = ""
    this.tell("desk-ask", question)
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }))
  }
}

export function composer(words, memory) {
  const made = document.createElement("inquiry-desk-composer")
  made.show(words, memory)
  return made
}

customElements.define("inquiry-desk-composer", Composer)
