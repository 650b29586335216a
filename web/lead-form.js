// The proof of work of the form (ALTCHA, SHA-256): found while the visitor types, sent along. Without it a person looks first.

const form = document.getElementById("inquiry")
const state = document.getElementById("inquiry-state")
const proof = form.elements.namedItem("proof")
const AT_ONCE = 500 // digests between two looks at the page
const FRESH = 60 * 60 * 1000 // milliseconds after which a proof is found anew
let found
let began = 0

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

async function solve() {
  const { algorithm, challenge, salt, signature, maxnumber } = await (await fetch(form.dataset.challenge)).json()
  for (let first = 0; first <= maxnumber; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, maxnumber - first + 1) }, (_, place) => first + place)
    const digests = await Promise.all(numbers.map((number) => digest(salt + number)))
    const place = digests.indexOf(challenge)
    if (place >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: numbers[place], salt, signature }))
  }
  return ""
}

function start() {
  if (found && Date.now() - began < FRESH) return
  began = Date.now()
  found = crypto.subtle ? solve().catch(() => "") : Promise.resolve("")
}

form.addEventListener("focusin", start)
form.addEventListener("submit", async (event) => {
  if (form.dataset.sending) {
    event.preventDefault()
    return
  }
  if (proof.value) return
  event.preventDefault()
  form.dataset.sending = "yes"
  state.textContent = form.dataset.working
  start()
  proof.value = await found
  form.submit()
})
// a page that the browser kept, gone back to: its proof is spent
addEventListener("pageshow", () => {
  proof.value = ""
  state.textContent = ""
  found = undefined
  delete form.dataset.sending
})
