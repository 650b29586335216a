import { fact, fresh, make, outward } from "./make.js"

// A quote with its full address. The words are the document's, in its language.
class Quote extends HTMLElement {
  show(citation, words, api) {
    const title = fresh("quote")
    const { language: lang } = citation
    const read = new URL(api.address(citation.read_url))
    read.searchParams.set("lang", words.code)
    const described = { "aria-describedby": title }
    const facts = [
      citation.as_of && fact(words.page.as_of, words.day(citation.as_of)),
      !citation.as_of && citation.published && fact(words.page.published, words.day(citation.published)),
      citation.jurisdictions.length && fact(make("span", { class: "unseen" }, words.widget.jurisdiction), badges(citation.jurisdictions, words)),
    ]
    this.append(
      make("p", { class: "number" }, make("span", { class: "unseen" }, words.fill(words.page.quote_label, { n: citation.n })), make("span", { "aria-hidden": "true" }, String(citation.n))),
      make("blockquote", { lang, cite: read.href }, citation.quote),
      make("p", { class: "title", id: title, lang }, citation.title),
      citation.section && make("p", { class: "soft", lang }, citation.section),
      make("dl", { class: "facts" }, facts),
      make("p", { class: "onward" }, outward(read.href, words.page.read_in_context, described), outward(citation.url, words.page.original_source, { ...described, rel: "noopener noreferrer" })),
    )
  }
}

function badges(codes, words) {
  const named = (code) => words.jurisdictions[code] ?? code
  return make("ul", { class: "badges" }, codes.map((code) => make("li", {}, make("abbr", { title: named(code) }, code))))
}

export function quote(citation, words, api) {
  const made = document.createElement("inquiry-desk-quote")
  made.show(citation, words, api)
  return made
}

customElements.define("inquiry-desk-quote", Quote)
