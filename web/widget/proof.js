// The proof of work that tells a browser from a mill of letters (ALTCHA, SHA-256). Without it a person looks first.

const AT_ONCE = 500 // digests between two looks at the page

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

// The solution of a challenge as the server takes it; "" where this page has no means to find one.
export async function solve({ algorithm, challenge, salt, signature, maxnumber }) {
  if (!crypto.subtle) return ""
  for (let first = 0; first <= maxnumber; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, maxnumber - first + 1) }, (_, place) => first + place)
    const digests = await Promise.all(numbers.map((number) => digest(salt + number)))
    const place = digests.indexOf(challenge)
    if (place >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: numbers[place], salt, signature }))
  }
  return ""
}
