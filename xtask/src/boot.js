// Starts the interface. A file of its own, because the content security policy allows no inline script.
// asked for before the code that takes it is there: the two come side by side
const wasm = fetch('./sendoff-ui_bg.wasm')

const start = async () => {
  const { default: init } = await import('./sendoff-ui.js')
  await init({ module_or_path: wasm })
}

// What ends the interface without a panic: a trap, a stack that is too deep, an exception that went through it. What it had
// borrowed stays borrowed, and nothing of the page moves any more. It is written down under the names of `platform.rs`, and
// the page is loaded anew; one that comes back sooner than ten seconds is not helped by that.
const endsInterface = (error) =>
  error instanceof WebAssembly.RuntimeError || (error instanceof Error && /wasm/.test(error.stack ?? ''))

const mend = (error) => {
  if (!endsInterface(error)) return
  const now = Date.now()
  const since = Math.abs(now - Number(localStorage.getItem('fault-at') ?? 0))
  // a panic said more about itself a moment ago
  if (since < 1000) return
  localStorage.setItem('fault', `${error}\n${error.stack ?? ''}`.slice(0, 4000))
  localStorage.setItem('fault-at', String(now))
  if (since > 10000) location.reload()
}

addEventListener('error', ({ error }) => mend(error))
addEventListener('unhandledrejection', ({ reason }) => mend(reason))

start().catch((error) => {
  console.error(error)
  const message = document.createElement('p')
  message.setAttribute('role', 'alert')
  message.textContent = 'Sendoff could not start its window. Publishing goes on in the background. Quit and start Sendoff again; if that does not help, install it again.'
  document.body.append(message)
})
