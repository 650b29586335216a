import { mailto } from "./card.js"
import { button, fact, fresh, make } from "./make.js"
import { solve } from "./proof.js"

const NEEDED = ["message", "name", "email", "company", "country", "established", "listed_party", "consent"]
const CHOSEN = ["country", "established", "listed_party", "topic"]

// The form to write to a person by. What is typed stays, whatever goes wrong; sent again it is not taken in twice.
class Letter extends HTMLElement {
  async show(words, api, about, typed, desk, changed) {
    Object.assign(this, { words, api, about, typed, desk, changed, fields: new Map() })
    this.heading = make("h3", { class: "greeting", tabindex: "-1" }, words.form.title)
    this.state = make("div", { class: "state-of-form" })
    this.append(this.heading, make("p", { class: "soft" }, words.form.required), this.state)
    await this.prepare()
  }

  // What the visitor is asked to agree to is the server's to say.
  async prepare() {
    try {
      this.consent = await this.api.consent(this.words.code)
      this.build()
    } catch {
      const mail = make("a", { href: mailto(this.desk, this.typed.message ?? "") }, this.desk.email)
      const again = button(this.words.widget.again, () => this.prepare(), { class: "button second" })
      this.alarm(this.words.widget.form_network, mail, " ", again)
    }
  }

  build() {
    const { form, limits } = this.words
    const countries = this.words.places()
    const topics = this.words.topics.map((topic) => [topic, this.words.topic[topic]])
    this.typed.topic ??= this.about.topic
    this.typed.urgent ??= this.about.urgent
    this.form = make(
      "form",
      { novalidate: true },
      group(
        form.about_matter,
        this.text("message", { rows: 5 }, this.words.fill(form.message_hint, { longest: limits.message })),
        this.select("topic", topics, form.topic_none),
        this.text("countries", {}, form.countries_hint),
        this.text("goods"),
        this.box("urgent", form.urgent),
        this.about.conversation && [this.box("transcript", form.transcript), this.conversation()],
      ),
      group(
        form.about_you,
        this.text("name", { autocomplete: "name" }),
        this.text("email", { type: "email", autocomplete: "email" }),
        this.text("company", { autocomplete: "organization" }),
        this.select("country", countries, form.choose, { autocomplete: "country" }),
        this.text("preferred_time", {}, form.preferred_time_hint),
      ),
      group(
        form.before,
        make("p", { class: "soft" }, form.before_lead),
        this.select("established", countries, form.choose),
        this.text("on_behalf"),
        this.party(),
      ),
      group(form.consent_label, this.problem("consent"), this.box("consent", this.consent.text)),
      make("input", { class: "unseen", name: "website", tabindex: "-1", autocomplete: "off", "aria-hidden": "true" }),
      make("p", { class: "ways" }, make("button", { class: "button" }, form.send)),
    )
    this.form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.send()
    })
    this.form.addEventListener("input", (event) => this.remember(event.target))
    this.form.addEventListener("focusin", () => this.prove(), { once: true })
    this.state.replaceChildren()
    this.append(this.form)
  }

  // The fields

  text(name, given = {}, hint) {
    const long = name === "message"
    const field = make(long ? "textarea" : "input", { type: !long && "text", maxlength: this.words.limits[name], ...given })
    field.value = this.typed[name] ?? ""
    return this.field(name, field, hint)
  }

  select(name, choices, none, given = {}) {
    const options = [["", none], ...choices].map(([value, said]) => make("option", { value }, said))
    const field = make("select", given, options)
    field.value = this.typed[name] ?? ""
    return this.field(name, field)
  }

  field(name, field, hint) {
    const [id, told] = [fresh(name), fresh("told")]
    Object.assign(field, { id, name, required: NEEDED.includes(name) })
    const problem = this.problem(name)
    this.fields.set(name, field)
    field.setAttribute("aria-describedby", [problem.id, hint && told].filter(Boolean).join(" "))
    const optional = !field.required && make("span", { class: "optional" }, ` ${this.words.form.optional}`)
    const label = make("label", { for: id }, this.words.form[name], optional)
    return make("div", { class: "field" }, label, problem, field, hint && make("p", { class: "soft", id: told }, hint))
  }

  problem(name) {
    return make("p", { class: "problem", id: fresh("problem"), "data-of": name })
  }

  box(name, said) {
    const id = fresh(name)
    const field = make("input", { type: "checkbox", id, name })
    field.checked = Boolean(this.typed[name]) && name !== "consent"
    this.fields.set(name, field)
    return make("div", { class: "box" }, field, make("label", { for: id }, said))
  }

  party() {
    const { form } = this.words
    const choice = (value) => {
      const id = fresh("party")
      const field = make("input", { type: "radio", name: "listed_party", value, id })
      field.checked = this.typed.listed_party === value
      if (value === "no") this.fields.set("listed_party", field)
      return make("div", { class: "box" }, field, make("label", { for: id }, form[`listed_${value}`]))
    }
    const choices = ["no", "yes", "unsure"].map(choice)
    return make("fieldset", { class: "pick" }, make("legend", {}, form.listed_party), this.problem("listed_party"), choices)
  }

  // What goes along where the visitor agrees to it.
  conversation() {
    const questions = this.about.questions.map((question) => make("li", { dir: "auto" }, question))
    return make("details", {}, make("summary", {}, this.words.widget.goes_along), make("ul", {}, questions))
  }

  remember({ name, type, value, checked }) {
    if (name in this.words.form || name === "listed_party") this.typed[name] = type === "checkbox" ? checked : value
    this.changed()
  }

  // Sending

  prove() {
    this.proof ??= this.api.challenge().then(solve).catch(() => "")
  }

  read() {
    const { topic, ...texts } = Object.fromEntries(new FormData(this.form))
    const consent = { accepted: this.fields.get("consent").checked, version: this.consent.version }
    const row = { ...texts, language: this.words.code, consent }
    for (const name of ["urgent", "transcript"]) row[name] = this.fields.get(name)?.checked ?? false
    if (topic) row.topic = topic
    if (this.about.conversation) row.conversation_id = this.about.conversation
    return row
  }

  lacking(row) {
    const { error } = this.words.form
    const why = (name) => (name === "consent" ? error.consent : CHOSEN.includes(name) ? error.choice_missing : error.missing)
    const there = (name) => (name === "consent" ? row.consent.accepted : row[name]?.trim())
    const found = NEEDED.filter((name) => !there(name)).map((field) => ({ field, problem: why(field) }))
    if (row.email.trim() && this.fields.get("email").validity.typeMismatch) found.push({ field: "email", problem: error.email })
    return found
  }

  async send() {
    if (this.sending) return
    const row = this.read()
    this.mark([])
    const lacking = this.lacking(row)
    if (lacking.length) return this.complain(lacking)
    this.sending = true
    this.state.replaceChildren(make("p", { role: "status", class: "soft" }, this.words.form.working))
    try {
      this.sent(await this.api.lead(...(await this.parcel(row))))
    } catch (failure) {
      this.failed(failure)
    }
    this.sending = false
  }

  // The same letter goes under the same key, with the same proof: the server takes it in once.
  async parcel(row) {
    const same = JSON.stringify(row)
    if (this.same !== same) {
      this.same = same
      this.prove()
      const proof = await this.proof
      this.proof = undefined
      const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("")
      this.ready = [proof ? { ...row, proof } : row, key]
    }
    return this.ready
  }

  failed(failure) {
    if (failure.errors?.length) {
      this.same = undefined
      return this.complain(failure.errors)
    }
    const { widget } = this.words
    const said = failure.kind === "network" ? widget.lead_network : failure.detail ?? widget.fail_fault
    const desk = failure.desk ?? this.desk
    return this.alarm(said, make("a", { href: mailto(desk, this.typed.message ?? "") }, desk.email))
  }

  complain(errors) {
    this.mark(errors)
    const { form } = this.words
    const line = ({ field, problem }) => {
      if (!this.fields.has(field)) return make("li", {}, `${field}: ${problem}`)
      const go = button(form[`${field}_label`] ?? form[field], () => this.fields.get(field).focus(), { class: "link" })
      return make("li", {}, go, make("span", {}, problem))
    }
    this.alarm(form.problems_heading, make("ul", {}, errors.map(line)))
  }

  mark(errors) {
    for (const [name, field] of this.fields) {
      const wrong = errors.find((one) => one.field === name)
      const place = this.form.querySelector(`[data-of="${name}"]`)
      if (place) place.textContent = wrong?.problem ?? ""
      if (wrong) field.setAttribute("aria-invalid", "true")
      else field.removeAttribute("aria-invalid")
    }
  }

  alarm(said, ...more) {
    const box = make("div", { class: "alarm", role: "alert", tabindex: "-1" }, make("p", { class: "strong" }, said), more)
    this.state.replaceChildren(box)
    box.focus()
  }

  sent(kept) {
    const { form, widget } = this.words
    for (const name of Object.keys(this.typed)) delete this.typed[name]
    this.changed()
    this.heading.textContent = form.received_title
    this.replaceChildren(
      this.heading,
      make("p", { role: "status" }, form.received),
      make("dl", { class: "reference" }, fact(form.received_reference, kept.lead_id)),
      make("p", { class: "soft" }, form.received_mail),
      make("p", { class: "ways" }, button(widget.back, () => this.tell("desk-talk"), { class: "button second" })),
    )
    this.heading.focus()
    this.tell("desk-sent", kept)
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }))
  }
}

function group(legend, ...inside) {
  return make("fieldset", {}, make("legend", {}, legend), inside.flat())
}

// Puts the form into its place; gives what is to have the focus.
export function letter(place, ...given) {
  const made = document.createElement("inquiry-desk-letter")
  made.show(...given)
  place.append(made)
  return made.heading
}

customElements.define("inquiry-desk-letter", Letter)
