const [rounds, done] = arguments
const pause = (ms) => new Promise((go) => setTimeout(go, ms))
const go = (hash, ready) => async () => {
  location.hash = hash
  await until(() => document.querySelector(ready) && !document.querySelector('.skeleton'))
}
const until = async (there) => {
  const begun = performance.now()
  while (!there()) {
    if (performance.now() - begun > 10000) throw new Error('a screen did not come')
    await pause(5)
  }
}
const press = (key) => document.body.dispatchEvent(
  new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true }))
const steps = {
  'the calendar': go('#/calendar', '.bar h1'),
  'the accounts': go('#/accounts', '.bar h1'),
  'the personas': go('#/personas', '.bar h1'),
  'the settings': go('#/settings', '.bar h1'),
  'a new post': go('#/compose', 'textarea'),
  'today': go('#/', '.today'),
  'a search in the palette': async () => {
    press('k')
    await until(() => document.querySelector('dialog[open] input'))
    const field = document.querySelector('dialog[open] input')
    field.focus()
    for (const letter of 'bread') {
      document.execCommand('insertText', false, letter)
      await pause(60)
    }
    await pause(300)
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
    await until(() => !document.querySelector('dialog[open]'))
  },
}
// how long the window could not have answered to anything else
const silence = async (step) => {
  let last = performance.now(), longest = 0, over = false
  const tick = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!over) setTimeout(tick)
  }
  tick()
  await step()
  await pause(250)
  over = true
  return longest
}
;(async () => {
  const all = {}
  for (let round = 0; round < rounds; round++) {
    for (const [name, step] of Object.entries(steps)) {
      const took = await silence(step)
      ;(all[name] ??= []).push(took)
    }
  }
  done({ names: Object.keys(all), ...all })
})().catch((error) => done({ error: String(error) }))
