const [post, done] = arguments
const pause = (ms) => new Promise((go) => setTimeout(go, ms))
const beat = () => new Promise(requestAnimationFrame)
// runs after everything that is ready to run; asked for in a frame, after that frame was painted
const task = () => new Promise((go) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = go
  port2.postMessage(0)
})
const until = async (there) => {
  const begun = performance.now()
  while (!there()) {
    if (performance.now() - begun > 20000) throw new Error(`nothing came of: ${there}`)
    await pause(5)
  }
}
// from what a person does to the end of the frame that shows all of it: the last change of the page, and nothing after it
const QUIET = 250
const shown = async (act, ready = () => true) => {
  let changed = 0, painted = 0
  const observer = new MutationObserver(async () => {
    const mine = ++changed
    await beat()
    await task()
    if (mine === changed) painted = performance.now()
  })
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
  const begun = performance.now()
  act()
  await until(ready)
  let last = -1
  while (last !== changed || painted === 0) {
    last = changed
    await pause(QUIET)
    if (changed === 0) break
  }
  observer.disconnect()
  return painted === 0 ? NaN : painted - begun
}
const press = (key, more = {}) => document.activeElement.dispatchEvent(
  new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
const one = (selector) => document.querySelector(selector)
const settled = () => !one('.skeleton')
const type = (field, letters) => { field.focus(); document.execCommand('insertText', false, letters) }
const times = {}
const note = (name, value) => { (times[name] ??= []).push(value) }

const month = async () => {
  location.hash = '#/'
  await until(() => one('.today') && settled())
  await pause(QUIET)
  note('the month: first paint', await shown(() => { location.hash = '#/calendar' }, () => one('.day .ev') && settled()))
}
const another = async () => {
  note('the month: the next one', await shown(() => press('n'), settled))
  await shown(() => press('t'), settled)
}
const drag = async () => {
  const from = one('.ev-holder[draggable="true"]')
  if (!from) return
  const dataTransfer = new DataTransfer()
  const fire = (on, kind) => on.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }))
  fire(from, 'dragstart')
  const days = [...document.querySelectorAll('.day')]
  for (const at of [3, 10, 17]) {
    const day = days[(days.indexOf(from.closest('.day')) + at) % days.length]
    note('a drag: over another day', await shown(() => fire(day, 'dragover')))
    fire(day, 'dragleave')
    await pause(50)
  }
  fire(from, 'dragend')
  await pause(QUIET)
}
const filter = async () => {
  const field = one('#calendar-filter')
  for (const letters of ['bre', 'ad']) {
    note('the calendar: filtered by words', await shown(() => type(field, letters), settled))
  }
  await shown(() => { field.select(); document.execCommand('delete') }, settled)
  field.blur()
}
const palette = async () => {
  const open = () => one('dialog[open] input')
  note('the palette: opened', await shown(() => press('k', { ctrlKey: true }), open))
  for (const letter of 'bread') {
    note('a search: a letter typed', await shown(() => type(open(), letter)))
  }
  open().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
  await until(() => !one('dialog[open]'))
  await pause(QUIET)
}
const versions = async () => {
  location.hash = `#/compose/${post}`
  await until(() => one('textarea') && settled())
  await pause(QUIET)
  press('h', { altKey: true })
  await until(() => one('dialog[open] ins'))
  await pause(QUIET)
  const rows = () => [...document.querySelectorAll('dialog[open] button.version')]
  for (const at of [3, 5, 1]) {
    note('two versions compared', await shown(() => rows()[at].click()))
  }
  one('dialog[open]').dispatchEvent(new Event('cancel', { bubbles: false, cancelable: true }))
  await until(() => !one('dialog[open]'))
}
;(async () => {
  for (const step of [month, another, drag, filter, palette, versions]) await step()
  done({ names: Object.keys(times), ...times })
})().catch((error) => done({ error: String(error) }))
