// What is kept on the visitor's device, and only while they agree: one key, gone with the agreement or after thirty days.

const KEY = "inquiry-desk"
const LONGEST = 30 * 86_400_000

// A page in a closed frame may have no storage; then nothing can be kept.
function storage() {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

export class Memory {
  constructor() {
    this.possible = Boolean(storage())
    this.agreed = false
  }

  // What was kept, if anything and if it is not too old.
  recall() {
    try {
      const kept = JSON.parse(storage()?.getItem(KEY) ?? "null")
      if (kept?.at > Date.now() - LONGEST && Array.isArray(kept.turns)) {
        this.agreed = true
        return kept
      }
      if (kept) storage().removeItem(KEY)
    } catch {
      this.refuse()
    }
    return null
  }

  keep(state) {
    if (!this.agreed) return
    try {
      storage().setItem(KEY, JSON.stringify({ ...state, at: Date.now() }))
    } catch {
      // full or forbidden: it is then as if nobody had agreed
    }
  }

  refuse() {
    this.agreed = false
    storage()?.removeItem(KEY)
  }
}
