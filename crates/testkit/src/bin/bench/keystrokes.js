const [count, done] = arguments
const beat = () => new Promise(requestAnimationFrame)
// runs after everything that is ready to run; asked for in a frame, after that frame was painted
const task = () => new Promise((go) => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = go
  port2.postMessage(0)
})
const pause = (ms) => new Promise((go) => setTimeout(go, ms))
;(async () => {
  const field = document.querySelector('textarea')
  field.focus()
  const work = [], frame = [], busy = [], shown = []
  for (let i = 0; i < count; i++) {
    // nobody types in step with the screen
    await pause(30 + 40 * Math.random())
    const begun = performance.now()
    document.execCommand('insertText', false, i % 7 ? 'a' : ' ')
    await task()
    const worked = performance.now()
    await beat()
    const began = performance.now()
    await task()
    const painted = performance.now()
    work.push(worked - begun)
    frame.push(painted - began)
    busy.push(worked - begun + painted - began)
    shown.push(painted - begun)
  }
  done({ work, frame, busy, shown })
})().catch((error) => done({ error: String(error) }))
