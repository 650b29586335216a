import { card } from "./card.js"
import { button, make, outward } from "./make.js"

// The first frame: what this is, three questions to begin with, and how to reach a person.
class Welcome extends HTMLElement {
  show(words, api, greeting) {
    const ask = (question) => this.dispatchEvent(new CustomEvent("desk-ask", { bubbles: true, detail: question }))
    const privacy = api.address(`privacy?lang=${words.code}`)
    this.append(
      make("h3", { class: "greeting" }, greeting || words.widget.greeting),
      make("p", { class: "lead" }, words.widget.about),
      make(
        "div",
        { class: "choices" },
        make("p", { class: "label" }, words.widget.examples),
        make("ul", {}, words.examples.slice(0, 3).map((one) => make("li", {}, button(one, () => ask(one), { class: "choice" })))),
      ),
      make("p", { class: "label person" }, words.widget.person),
      card(words.desk, words),
      make("p", { class: "soft note" }, words.general, " ", outward(privacy, words.widget.privacy)),
    )
  }
}

export function welcome(words, api, greeting) {
  const made = document.createElement("inquiry-desk-welcome")
  made.show(words, api, greeting)
  return made
}

customElements.define("inquiry-desk-welcome", Welcome)
