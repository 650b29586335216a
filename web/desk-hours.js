// <desk-hours>: a desk's hours on the reader's own clock. The page is whole without it, with the hours of the desk's zone.
// data-zone: that zone · data-week: the spans of the coming seven days, ISO moments, "begin/end begin/end"
// data-words: the [hours] and [date] words of the page's language. Inside: p.desk-state, perhaps with a <time>, and ul.hours.

const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name])
const two = (number) => String(number).padStart(2, "0")
const clock = (moment) => `${two(moment.getHours())}:${two(moment.getMinutes())}`
const weekday = (moment) => (moment.getDay() + 6) % 7 // 0 is Monday
const upper = (line) => line.charAt(0).toUpperCase() + line.slice(1)

function inDays(days, hour) {
  const now = new Date()
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour)
}

function offset(moment) {
  const minutes = -moment.getTimezoneOffset()
  const size = Math.abs(minutes)
  return `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

class DeskHours extends HTMLElement {
  connectedCallback() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (!zone || zone === this.dataset.zone) return
    this.words = JSON.parse(this.dataset.words)
    for (const time of this.querySelectorAll("time")) this.rewrite(time)
    const lines = [...this.lines(), this.zone(zone)]
    this.querySelector("ul.hours").replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    )
  }

  rewrite(time) {
    const moment = new Date(time.dateTime)
    time.textContent = fill(moment < inDays(7, 0) ? this.words.when : this.words.when_dated, {
      weekday: this.words.weekdays[weekday(moment)],
      time: clock(moment),
      date: this.date(moment),
    })
  }

  // The zone and its distance from UTC; both distances in a week in which clocks change.
  zone(zone) {
    const now = offset(new Date())
    const change = [0, 1, 2, 3, 4, 5, 6].map((n) => inDays(n, 12)).find((noon) => offset(noon) !== now)
    if (!change) return fill(this.words.zone, { zone, offset: now })
    return fill(this.words.zone_changes, { zone, offset: now, date: this.date(change), after: offset(change) })
  }

  date(moment) {
    const month = this.words.months[moment.getMonth()]
    return fill(this.words.pattern, { day: moment.getDate(), month, year: moment.getFullYear() })
  }

  // A line for each run of weekdays with the same hours; a run may go over the week's end.
  lines() {
    const days = Array(7).fill("")
    for (const [begin, end] of this.spans()) {
      const joint = days[weekday(begin)] ? this.words.separator : ""
      days[weekday(begin)] += `${joint}${clock(begin)}–${this.end(begin, end)}`
    }
    const first = Math.max(0, days.findIndex((hours, day) => hours !== days[(day + 6) % 7]))
    const runs = []
    for (let n = first; n < first + 7; n++) {
      const run = runs.at(-1)
      if (run && days[run[0]] === days[n % 7]) run.push(n % 7)
      else runs.push([n % 7])
    }
    return runs.filter((run) => days[run[0]]).map((run) => this.line(run, days[run[0]]))
  }

  line(run, spans) {
    const [first, last] = [this.words.weekdays[run[0]], this.words.weekdays[run.at(-1)]]
    const days = run.length > 1 ? fill(this.words.days, { first, last }) : first
    return upper(fill(this.words.line, { days, spans }))
  }

  spans() {
    const spans = this.dataset.week.split(" ").map((span) => span.split("/").map((moment) => new Date(moment)))
    return spans.sort(([one], [other]) => one - other)
  }

  end(begin, end) {
    if (begin.toDateString() === end.toDateString()) return clock(end)
    return clock(end) === "00:00" ? "24:00" : fill(this.words.next_day, { time: clock(end) })
  }
}

customElements.define("desk-hours", DeskHours)
