// <inquiry-desk>: the way to the desk on any page. Until it is opened this file is all there is.
// Options are attributes of the element, or data-* of the script.

const OPTIONS = ["mode", "position", "language", "scheme", "accent", "greeting", "question"]
const SAID = {} // by language; filled in by the server
const here = import.meta.url

const sheet = new CSSStyleSheet()
sheet.replaceSync(`
:host { all: initial !important; display: contents !important; direction: ltr !important; unicode-bidi: isolate !important; }
:host([mode="inline"]) { display: block !important; }
:host([hidden]), [hidden] { display: none !important; }
.desk {
  --own: var(--inquiry-desk-accent, #0f4a58);
  --accent: light-dark(var(--own), var(--inquiry-desk-accent-dark, oklch(from var(--own) 0.82 min(c, 0.07) h)));
  --on-accent: light-dark(var(--inquiry-desk-on-accent, #fff), #0b2027);
  --ground: light-dark(#fff, #10171a);
  --ink: light-dark(#16211f, #e7eded);
  --shadow: 0 1px 2px rgb(0 0 0 / 0.2), 0 8px 28px rgb(0 0 0 / 0.18);
  color-scheme: light dark;
  font: 15px/1.5 var(--inquiry-desk-font, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif);
}
.light { color-scheme: light; }
.dark { color-scheme: dark; }
.corner {
  position: fixed;
  inset: auto 20px 20px auto;
  z-index: 2147483647;
  width: max-content;
  max-width: min(320px, 100vw - 40px);
  margin: 0;
  padding: 0;
  border: 0;
  background: none;
  overflow: visible;
}
.left .corner { inset-inline: 20px auto; }
.launch {
  all: unset;
  padding: 13px 22px;
  border: 1px solid transparent;
  border-radius: var(--inquiry-desk-radius, 4px);
  background: var(--accent);
  color: var(--on-accent);
  box-shadow: var(--shadow);
  font-weight: 600;
  cursor: pointer;
}
.launch:hover { text-decoration: underline; }
.launch:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.away { margin: 0 0 24px; padding: 16px; background: var(--ground); color: var(--ink); box-shadow: var(--shadow); }
.away a { color: var(--accent); }
@media print { .corner { display: none; } }
`)

const create = (tag, given) => Object.assign(document.createElement(tag), given)
const script = [...document.querySelectorAll("script[type=module]")].find((one) => one.src === here)

class InquiryDesk extends HTMLElement {
  static observedAttributes = ["position", "scheme", "accent", "language"]

  #root = this.attachShadow({ mode: "open" })
  #frame = create("div")
  #corner = create("div", { className: "corner", popover: "manual" })
  #launch = create("button", { className: "launch", type: "button", onclick: () => this.open() })
  #away = create("p", { className: "away", role: "alert" })
  #panel
  #coming

  connectedCallback() {
    if (!this.#frame.isConnected) {
      this.#root.adoptedStyleSheets = [sheet]
      this.#launch.ariaHasPopup = "dialog"
      this.#corner.append(this.#launch)
      this.#root.append(this.#frame)
    }
    this.attributeChangedCallback()
    if (this.getAttribute("mode") === "inline") return this.open()
    this.#frame.prepend(this.#corner)
    this.#rest(!this.#panel?.shown)
  }

  disconnectedCallback() {
    this.close()
  }

  attributeChangedCallback() {
    const { accent, position, scheme } = this.#options()
    if (CSS.supports("color", accent)) this.#frame.style.setProperty("--inquiry-desk-accent", accent)
    this.#frame.className = `desk ${scheme} ${position}`
    this.#frame.lang = this.language
    this.#launch.textContent = SAID[this.language].launch
  }

  // The language that was chosen, else the page's, else the browser's.
  get language() {
    const wished = [this.getAttribute("language"), this.closest("[lang]")?.lang, ...navigator.languages]
    return wished.map((one) => one?.slice(0, 2).toLowerCase()).find((code) => code in SAID) ?? "en"
  }

  async open() {
    this.#coming ??= this.#load()
    try {
      this.#panel = await this.#coming
    } catch {
      this.#coming = undefined
      return this.#apologise()
    }
    this.#away.remove()
    this.#rest(false)
    this.#panel.open()
  }

  close() {
    this.#panel?.close()
  }

  #options() {
    return Object.fromEntries(OPTIONS.map((name) => [name, this.getAttribute(name) ?? ""]))
  }

  async #load() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""
    const address = new URL(`widget/words/${this.language}.json?time_zone=${encodeURIComponent(zone)}`, here)
    const words = fetch(address).then((given) => (given.ok ? given.json() : Promise.reject(given.status)))
    words.catch(() => {})
    const { Panel } = await import("./widget/panel.js")
    return Panel.into(this, this.#root, this.#frame, await words, {
      ...this.#options(),
      origin: new URL(here).origin,
      zone,
      closed: () => this.#rest(true),
    })
  }

  // Shows or hides the way in. In the top layer no transform, overflow or z-index of the page reaches it.
  #rest(shown) {
    if (!this.#corner.isConnected) return
    this.#corner.togglePopover(shown)
    if (shown && this.#panel) this.#launch.focus()
  }

  // The panel could not be loaded: whom to write to is known here too.
  #apologise() {
    const { away, mail, email } = SAID[this.language]
    this.#away.replaceChildren(away, " ", create("a", { href: mail, textContent: email }))
    const place = this.#corner.isConnected ? this.#corner : this.#frame
    place.prepend(this.#away)
  }
}

if (!customElements.get("inquiry-desk")) {
  customElements.define("inquiry-desk", InquiryDesk)
  if (script && !document.querySelector("inquiry-desk")) {
    const made = create("inquiry-desk")
    for (const name of OPTIONS) if (name in script.dataset) made.setAttribute(name, script.dataset[name])
    ;(document.body ?? document.documentElement).append(made)
  }
}
