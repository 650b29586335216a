// The client of the desk's API. An answer comes as a stream of events; where a proxy or a filter keeps that from coming, whole.

const HEADERS_MS = 15_000 // until a stream begins; an answer takes far less
const SILENCE_MS = 6_000 // between two pieces of a stream that has begun
const WHOLE_MS = 30_000

// What went wrong. `kind` is network, overload, refused (of the fields) or fault; `desk` the card of who can help, if it came along.
export class Failure extends Error {
  constructor(kind, problem = {}) {
    super(kind)
    this.kind = kind
    this.desk = problem.desk
    this.detail = problem.detail
    this.errors = problem.errors ?? []
  }
}

export class Api {
  constructor(origin, zone) {
    this.origin = origin
    this.zone = zone
  }

  // An address of the desk's own site, or one that is whole already.
  address(path) {
    return (URL.canParse(path, this.origin) ? new URL(path, this.origin) : new URL(this.origin)).href
  }

  // The whole answer; `came(name, value)` is told of `route` and each `citation` as they come.
  async ask(question, conversation, came, signal) {
    const row = { question }
    if (conversation) row.conversation_id = conversation
    if (this.zone) row.time_zone = this.zone
    try {
      return await this.#asked(row, came, signal)
    } catch (failure) {
      if (!failure.errors?.some((one) => one.field === "time_zone")) throw failure
      this.zone = ""
      return this.ask(question, conversation, came, signal)
    }
  }

  async #asked(row, came, signal) {
    try {
      return await this.#streamed(row, came, signal)
    } catch (failure) {
      if (failure instanceof Failure || signal.aborted) throw failure
    }
    const given = await this.#send("api/v1/ask", row, { signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)]) })
    return given.json()
  }

  async #streamed(row, came, signal) {
    const silent = new AbortController()
    let timer = setTimeout(() => silent.abort(), HEADERS_MS)
    const heard = () => {
      clearTimeout(timer)
      timer = setTimeout(() => silent.abort(), SILENCE_MS)
    }
    try {
      const options = { headers: { Accept: "text/event-stream" }, signal: AbortSignal.any([signal, silent.signal]) }
      const given = await this.#send("api/v1/ask", row, options, false)
      heard()
      if (given.headers.get("content-type")?.includes("json")) return await given.json()
      for await (const [name, value] of events(given.body, heard)) {
        if (name === "done") return value
        came(name, value)
      }
    } finally {
      clearTimeout(timer)
    }
    throw new Error("the stream ended before the answer")
  }

  async feedback(answer, helpful, comment) {
    await this.#send("api/v1/feedback", { answer_id: answer, helpful, comment }, { signal: AbortSignal.timeout(WHOLE_MS) })
  }

  async consent(language) {
    return (await this.#send(`api/v1/leads/consent?language=${language}`)).json()
  }

  async challenge() {
    return (await this.#send("api/v1/leads/challenge")).json()
  }

  async lead(row, key) {
    const options = { headers: { "Idempotency-Key": key }, signal: AbortSignal.timeout(WHOLE_MS) }
    return (await this.#send("api/v1/leads", row, options)).json()
  }

  // Raises Failure; `wrap`: also where there is no connection, which is the browser's own error otherwise.
  async #send(path, row, options = {}, wrap = true) {
    const { headers, ...more } = options
    const sent = { credentials: "omit", headers: { Accept: "application/json", ...headers }, ...more }
    if (row) Object.assign(sent, { method: "POST", body: JSON.stringify(row) }).headers["Content-Type"] = "application/json"
    let given
    try {
      given = await fetch(this.address(path), sent)
    } catch (error) {
      if (!wrap || error.name === "AbortError") throw error
      throw new Failure("network")
    }
    if (given.ok) return given
    const problem = await given.json().catch(() => ({}))
    const kind = { 422: "refused", 429: "overload", 503: "overload" }[given.status] ?? "fault"
    throw new Failure(kind, problem)
  }
}

// Server-sent events of a body, as they come: name and value. `heard` is told of every piece.
export async function* events(body, heard = () => {}) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      heard()
      const blocks = (rest + value.replaceAll("\r", "")).split("\n\n")
      rest = blocks.pop()
      for (const block of blocks) {
        const lines = block.split("\n")
        const of = (name) => lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trim())
        const data = of("data").join("\n")
        if (data) yield [of("event")[0] ?? "message", JSON.parse(data)]
      }
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}
