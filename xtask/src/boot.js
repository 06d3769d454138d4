// Starts the interface. A file of its own, because the content security policy allows no inline script.
import init from './sendoff-ui.js'

init({ module_or_path: './sendoff-ui_bg.wasm' }).catch((error) => {
  console.error(error)
  const message = document.createElement('p')
  message.setAttribute('role', 'alert')
  message.textContent = 'Sendoff could not start its window. Publishing goes on in the background. Quit and start Sendoff again; if that does not help, install it again.'
  document.body.append(message)
})
