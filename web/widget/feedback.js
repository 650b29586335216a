import { button, fresh, icon, make } from "./make.js"

const LONGEST = 1000

// Thumbs up or down, sent at once; then a reason, for whoever wants to give one. The last word counts.
class Feedback extends HTMLElement {
  show(answer, words, api) {
    this.answer = answer
    this.words = words
    this.api = api
    this.said = make("p", { class: "soft", role: "status" })
    const thumb = (name, helpful, text) =>
      button(icon(name), () => this.choose(helpful), { class: "thumb", "aria-pressed": "false", "aria-label": text, title: text })
    this.thumbs = [thumb("up", true, words.widget.helpful), thumb("down", false, words.widget.unhelpful)]
    this.append(make("div", { class: "thumbs" }, make("span", { class: "soft" }, words.widget.feedback), this.thumbs), this.said)
  }

  async choose(helpful) {
    this.helpful = helpful
    this.thumbs.forEach((one, place) => one.setAttribute("aria-pressed", String(helpful === (place === 0))))
    if (!this.form) this.ask()
    this.append(this.form)
    this.label.textContent = helpful ? this.words.widget.reason_helpful : this.words.widget.reason_unhelpful
    await this.send(this.comment ?? "")
  }

  ask() {
    const id = fresh("reason")
    this.label = make("label", { for: id })
    this.text = make("textarea", { id, rows: 2, maxlength: LONGEST })
    const send = make("button", { class: "button second" }, this.words.widget.reason_send)
    this.form = make("form", { class: "reason" }, this.label, this.text, send)
    this.form.addEventListener("submit", async (event) => {
      event.preventDefault()
      this.comment = this.text.value
      if (await this.send(this.comment)) {
        this.form.remove()
        this.thumbs[this.helpful ? 0 : 1].focus()
      }
    })
  }

  async send(comment) {
    try {
      await this.api.feedback(this.answer, this.helpful, comment)
      this.said.textContent = this.words.widget.feedback_thanks
      return true
    } catch {
      this.said.textContent = this.words.widget.feedback_failed
      return false
    }
  }
}

export function feedback(answer, words, api) {
  const made = document.createElement("inquiry-desk-feedback")
  made.show(answer, words, api)
  return made
}

customElements.define("inquiry-desk-feedback", Feedback)
