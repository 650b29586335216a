// The words of one language, as the server sends them, and what is said of numbers, days and hours.

const DAY = 86_400_000

export class Words {
  constructor(said) {
    Object.assign(this, said)
    this.plurals = new Intl.PluralRules(this.code)
  }

  fill(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
  }

  // Such as `quotes` of 3: "3 quotes", in the form that the language has for that number.
  count(name, number) {
    const forms = this.widget[name]
    return this.fill(forms[this.plurals.select(number)] ?? forms.other, { n: number.toLocaleString(this.code) })
  }

  // A date such as 2026-11-30, written out.
  day(iso) {
    const [year, month, day] = iso.slice(0, 10).split("-").map(Number)
    return this.fill(this.date.pattern, { year, day, month: this.date.months[month - 1] })
  }

  // When a desk opens: a moment with its distance from UTC, told on the clock that it is written by.
  when(iso) {
    const day = new Date(`${iso.slice(0, 10)}T00:00Z`)
    const far = Date.parse(iso) - Date.now() >= 7 * DAY
    const values = { weekday: this.hours.weekdays[(day.getUTCDay() + 6) % 7], time: iso.slice(11, 16), date: this.day(iso) }
    return this.fill(far ? this.hours.when_dated : this.hours.when, values)
  }

  list(items) {
    return items.join(this.page.list_separator)
  }

  // Codes of countries with their names, in the order of the language's own alphabet.
  places() {
    const names = new Intl.DisplayNames(this.code, { type: "region" })
    const order = new Intl.Collator(this.code)
    return this.countries.match(/../g).map((code) => [code, names.of(code)]).sort((one, other) => order.compare(one[1], other[1]))
  }
}
