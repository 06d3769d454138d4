// Starts the interface. A file of its own, because the content security policy allows no inline script.
// asked for before the code that takes it is there: the two come side by side
const wasm = fetch('./sendoff-ui_bg.wasm')

const start = async () => {
  const { default: init } = await import('./sendoff-ui.js')
  await init({ module_or_path: wasm })
}

start().catch((error) => {
  console.error(error)
  const message = document.createElement('p')
  message.setAttribute('role', 'alert')
  message.textContent = 'Sendoff could not start its window. Publishing goes on in the background. Quit and start Sendoff again; if that does not help, install it again.'
  document.body.append(message)
})
