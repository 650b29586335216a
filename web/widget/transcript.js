import { answer } from "./answer.js"
import { make } from "./make.js"

// The conversation, in order. What is added is not read out by itself: each finished answer is, once, by a region of its own.
class Transcript extends HTMLElement {
  show(words, api, first) {
    Object.assign(this, { words, api, first })
    const given = { role: "log", "aria-live": "off", "aria-label": words.widget.transcript, tabindex: "0" }
    this.log = make("div", { class: "log", ...given }, first)
    this.voice = make("div", { class: "unseen", role: "status", "aria-live": "polite", "aria-atomic": "true" })
    this.append(this.log, this.voice)
  }

  get turns() {
    return [...this.log.querySelectorAll("inquiry-desk-answer")]
  }

  begin(question) {
    const turn = answer(question, this.words, this.api)
    this.log.append(turn)
    this.reveal(turn)
    return turn
  }

  // The question at the top, so that its answer is read from its beginning.
  reveal(turn) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
    this.log.scrollTo({ top: turn.offsetTop + 1, behavior: calm ? "instant" : "smooth" })
  }

  finish(turn, body) {
    turn.finish(body)
    this.say(...turn.spoken())
  }

  fail(turn, said, desk) {
    turn.fail(said, desk)
    this.say(said)
  }

  say(...said) {
    this.voice.replaceChildren(...said)
  }

  clear() {
    this.log.replaceChildren(this.first)
    this.log.scrollTop = 0
    this.voice.replaceChildren()
  }
}

export function transcript(words, api, first) {
  const made = document.createElement("inquiry-desk-transcript")
  made.show(words, api, first)
  return made
}

customElements.define("inquiry-desk-transcript", Transcript)
