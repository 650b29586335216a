import { Api, Failure } from "./api.js"
import { mailto } from "./card.js"
import { composer } from "./composer.js"
import { button, fresh, icon, make } from "./make.js"
import { Memory } from "./memory.js"
import { sheet } from "./style.js"
import { takeaway } from "./takeaway.js"
import { transcript } from "./transcript.js"
import { welcome } from "./welcome.js"
import { Words } from "./words.js"

const SMALL = "(max-width: 519px), (max-height: 519px)" // where the panel takes the whole window, and the keyboard stays within it

// The panel: a conversation, and a form to write to a person by. Speaks to the page by events alone.
export class Panel extends HTMLElement {
  static into(host, root, frame, said, options) {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
    const made = document.createElement("inquiry-desk-panel")
    made.set(host, new Words(said), options)
    frame.append(made)
    return made
  }

  set(host, words, options) {
    Object.assign(this, { host, words, options, shown: false, conversation: null })
    this.api = new Api(options.origin, options.zone)
    this.memory = new Memory()
    const kept = this.memory.recall()
    this.transcript = transcript(words, this.api, welcome(words, this.api, options.greeting))
    this.composer = composer(words, this.memory)
    this.build()
    this.listen()
    this.typed = kept?.lead ?? {}
    this.restore(kept)
  }

  build() {
    const { widget, page } = this.words
    const [title, more] = ["title", "more"].map(fresh)
    this.heading = make("h2", { id: title, tabindex: "-1" }, make("span", { class: "firm", lang: "en" }, page.firm), " ", make("span", { class: "product" }, page.product))
    this.menu = make("div", { class: "menu", id: more, hidden: true }, button(widget.renew, () => this.renew()), takeaway(this.words, this.api, () => this.turns))
    this.more = button(icon("more"), () => this.unfold(this.menu.hidden), { class: "icon-button", "aria-label": widget.more, "aria-expanded": "false", "aria-controls": more })
    this.back = button(icon("back"), () => this.talk(), { class: "icon-button", "aria-label": widget.back, hidden: true })
    const shut = !this.inline && button(icon("close"), () => this.close(), { class: "icon-button", "aria-label": widget.close })
    const tag = this.inline ? "section" : "dialog"
    this.box = make(
      tag,
      { class: `panel ${this.inline ? "inline" : ""}`, "aria-labelledby": title, popover: this.inline ? undefined : "manual" },
      make("header", {}, this.back, this.heading, this.more, shut),
      this.menu,
      this.transcript,
      this.composer,
    )
    this.append(this.box)
  }

  listen() {
    const on = (name, act) => this.box.addEventListener(name, (event) => act(event.detail, event))
    on("desk-ask", (question) => this.ask(question))
    on("desk-again", (_, event) => this.again(event.target))
    on("desk-write", () => this.write())
    on("desk-typed", () => this.keep())
    on("desk-keep", (agreed) => this.agree(agreed))
    on("desk-sent", (kept) => this.tell("lead", { desk: kept.desk }))
    on("desk-talk", () => this.talk())
    on("cancel", (_, event) => {
      event.preventDefault()
      this.retreat()
    })
    // what is typed here is not for the page's own keys
    for (const name of ["keydown", "keypress", "keyup"]) on(name, (_, event) => this.pressed(event))
    addEventListener("online", () => this.resume())
  }

  get inline() {
    return this.options.mode === "inline"
  }

  get turns() {
    return this.transcript.turns.filter((turn) => turn.body).map(({ question, body }) => ({ question, body }))
  }

  pressed(event) {
    event.stopPropagation()
    if (event.type === "keydown" && event.key === "Escape" && !event.isComposing) {
      event.preventDefault()
      this.retreat()
    }
  }

  open() {
    if (this.shown) return
    this.shown = true
    if (!this.inline && matchMedia(SMALL).matches) this.box.showModal()
    else if (!this.inline) this.box.showPopover()
    if (!this.inline) this.focusIn()
    this.tell("open")
  }

  focusIn() {
    const touch = matchMedia("(pointer: coarse)").matches
    const target = this.form ? this.form.heading : touch ? this.heading : this.composer.field
    target.focus()
  }

  close() {
    if (!this.shown || this.inline) return
    this.shown = false
    if (this.box.open) this.box.close()
    else if (this.box.matches(":popover-open")) this.box.hidePopover()
    this.options.closed()
    this.tell("close")
  }

  // One step back: the menu, then the form, then the panel itself.
  retreat() {
    if (!this.menu.hidden) this.unfold(false)
    else if (this.form) this.talk()
    else this.close()
  }

  unfold(shown) {
    this.menu.hidden = !shown
    this.more.setAttribute("aria-expanded", String(shown))
    if (shown) this.menu.querySelector("button").focus()
    else this.more.focus()
  }

  async ask(question) {
    if (this.asking) return
    this.tidy(question)
    const turn = this.transcript.begin(question)
    this.composer.classList.add("begun")
    this.composer.field.focus()
    await this.answer(turn)
  }

  async answer(turn) {
    this.asking = new AbortController()
    const { signal } = this.asking
    this.composer.busy = true
    this.keep()
    try {
      const body = await this.api.ask(turn.question, this.conversation, (name, value) => signal.aborted || turn.came(name, value), signal)
      if (signal.aborted) return
      this.conversation = body.conversation_id
      this.transcript.finish(turn, body)
      if (this.composer.text.trim() === turn.question) this.composer.text = ""
      this.tell("answer", { status: body.status, kind: body.kind })
    } catch (failure) {
      if (signal.aborted) return
      this.failed(turn, failure)
    }
    this.asking = undefined
    this.composer.busy = false
    this.keep()
  }

  // What was kept of an earlier visit.
  restore(kept) {
    this.composer.text = kept?.draft || this.options.question
    for (const { question, body } of kept?.turns ?? []) this.transcript.begin(question).finish(body)
    this.composer.classList.toggle("begun", Boolean(kept?.turns.length))
    this.conversation = kept?.conversation ?? null
  }

  failed(turn, failure) {
    const { widget } = this.words
    turn.lost = failure.kind === "network"
    const said = { network: widget.fail_network, overload: widget.fail_overload, refused: widget.fail_refused }[failure.kind] ?? widget.fail_fault
    this.transcript.fail(turn, said, failure.desk ?? this.desk)
    if (!this.composer.text.trim()) this.composer.text = turn.question
    if (!(failure instanceof Failure)) console.error(failure)
  }

  // The last desk that an answer named, else the firm's first.
  get desk() {
    return this.turns.at(-1)?.body.route ?? this.words.desk
  }

  again(turn) {
    if (this.asking) return
    turn.wait()
    this.composer.field.focus()
    this.answer(turn)
  }

  // The line is back: what was asked meanwhile is asked again by itself.
  resume() {
    const lost = this.transcript.turns.find((turn) => turn.lost && !turn.body)
    if (lost && !this.asking) this.again(lost)
  }

  // A question that failed and is asked anew does not stand there twice.
  tidy(question) {
    for (const turn of this.transcript.turns) if (!turn.body && turn.question === question) turn.remove()
  }

  renew() {
    this.asking?.abort()
    this.asking = undefined
    this.composer.busy = false
    this.conversation = null
    this.transcript.clear()
    this.composer.text = ""
    this.composer.classList.remove("begun")
    this.unfold(false)
    this.talk()
    this.keep()
    this.composer.field.focus()
  }

  // The form comes when it is wanted, as the panel does.
  async write() {
    if (this.form) return
    const last = this.turns.at(-1)?.body
    const about = { topic: last?.topic ?? "", urgent: last?.kind === "urgent", conversation: this.conversation, questions: this.turns.map((turn) => turn.question) }
    this.from = this.getRootNode().activeElement
    this.form = make("div", { class: "letter" })
    const place = this.form
    this.transcript.hidden = true
    this.composer.hidden = true
    this.back.hidden = false
    this.box.append(place)
    try {
      const { letter } = await import("./lead.js")
      if (this.form !== place) return
      this.form.heading = letter(place, this.words, this.api, about, this.typed, this.desk, () => this.keep())
    } catch {
      const mail = make("a", { href: mailto(this.desk) }, this.desk.email)
      this.form.heading = make("p", { class: "alarm", role: "alert", tabindex: "-1" }, this.words.widget.form_network, " ", mail)
      place.append(this.form.heading)
    }
    this.form.heading.focus()
  }

  talk() {
    if (!this.form) return
    this.form.remove()
    this.form = undefined
    this.transcript.hidden = false
    this.composer.hidden = false
    this.back.hidden = true
    const target = this.from?.isConnected ? this.from : this.composer.field
    target.focus()
  }

  agree(agreed) {
    this.memory.agreed = agreed
    if (agreed) this.keep()
    else this.memory.refuse()
  }

  keep() {
    const unanswered = this.transcript.turns.at(-1)
    const draft = this.composer.text || (unanswered && !unanswered.body ? unanswered.question : "")
    this.memory.keep({ conversation: this.conversation, turns: this.turns, draft, lead: this.typed })
  }

  tell(name, detail = {}) {
    this.host.dispatchEvent(new CustomEvent(`inquiry-desk:${name}`, { detail }))
  }
}

customElements.define("inquiry-desk-panel", Panel)
